;; The arithmetic of the reducer, on float32 vectors in an imported memory that threads share. Addresses are byte offsets, multiples of 16.
;; Every element of add, scale and divide is one IEEE operation, so how they are grouped into lanes changes no bit.
;; WebAssembly keeps denormals and rounds to nearest even on every machine (WebAssembly core specification, 4.3.3).
(module
  (import "reducer" "memory" (memory 0 65536 shared))

  ;; out[i] = a[i] + b[i]; out may be a or b
  (func $addTo (export "addTo") (param $out i32) (param $a i32) (param $b i32) (param $n i32)
    (local $i i32) (local $m i32)
    (local.set $m (i32.and (local.get $n) (i32.const -8)))
    (block $done (loop $next
      (br_if $done (i32.ge_u (local.get $i) (local.get $m)))
      (v128.store (local.get $out) (f32x4.add (v128.load (local.get $a)) (v128.load (local.get $b))))
      (v128.store offset=16 (local.get $out)
        (f32x4.add (v128.load offset=16 (local.get $a)) (v128.load offset=16 (local.get $b))))
      (local.set $out (i32.add (local.get $out) (i32.const 32)))
      (local.set $a (i32.add (local.get $a) (i32.const 32)))
      (local.set $b (i32.add (local.get $b) (i32.const 32)))
      (local.set $i (i32.add (local.get $i) (i32.const 8)))
      (br $next)))
    (block $end (loop $tail
      (br_if $end (i32.ge_u (local.get $i) (local.get $n)))
      (f32.store (local.get $out) (f32.add (f32.load (local.get $a)) (f32.load (local.get $b))))
      (local.set $out (i32.add (local.get $out) (i32.const 4)))
      (local.set $a (i32.add (local.get $a) (i32.const 4)))
      (local.set $b (i32.add (local.get $b) (i32.const 4)))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br $tail))))

  ;; a[i] = a[i] + b[i]
  (func (export "add") (param $a i32) (param $b i32) (param $n i32)
    (call $addTo (local.get $a) (local.get $a) (local.get $b) (local.get $n)))

  ;; a[i] = a[i] * s
  (func (export "scale") (param $a i32) (param $n i32) (param $s f32)
    (local $i i32) (local $m i32) (local $v v128)
    (local.set $m (i32.and (local.get $n) (i32.const -4)))
    (local.set $v (f32x4.splat (local.get $s)))
    (block $done (loop $next
      (br_if $done (i32.ge_u (local.get $i) (local.get $m)))
      (v128.store (local.get $a) (f32x4.mul (v128.load (local.get $a)) (local.get $v)))
      (local.set $a (i32.add (local.get $a) (i32.const 16)))
      (local.set $i (i32.add (local.get $i) (i32.const 4)))
      (br $next)))
    (block $end (loop $tail
      (br_if $end (i32.ge_u (local.get $i) (local.get $n)))
      (f32.store (local.get $a) (f32.mul (f32.load (local.get $a)) (local.get $s)))
      (local.set $a (i32.add (local.get $a) (i32.const 4)))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br $tail))))

  ;; out[i] = a[i] / d; out may be a
  (func $divideTo (export "divideTo") (param $out i32) (param $a i32) (param $n i32) (param $d f32)
    (local $i i32) (local $m i32) (local $v v128)
    (local.set $m (i32.and (local.get $n) (i32.const -4)))
    (local.set $v (f32x4.splat (local.get $d)))
    (block $done (loop $next
      (br_if $done (i32.ge_u (local.get $i) (local.get $m)))
      (v128.store (local.get $out) (f32x4.div (v128.load (local.get $a)) (local.get $v)))
      (local.set $out (i32.add (local.get $out) (i32.const 16)))
      (local.set $a (i32.add (local.get $a) (i32.const 16)))
      (local.set $i (i32.add (local.get $i) (i32.const 4)))
      (br $next)))
    (block $end (loop $tail
      (br_if $end (i32.ge_u (local.get $i) (local.get $n)))
      (f32.store (local.get $out) (f32.div (f32.load (local.get $a)) (local.get $d)))
      (local.set $out (i32.add (local.get $out) (i32.const 4)))
      (local.set $a (i32.add (local.get $a) (i32.const 4)))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br $tail))))

  ;; a[i] = a[i] / d
  (func (export "divide") (param $a i32) (param $n i32) (param $d f32)
    (call $divideTo (local.get $a) (local.get $a) (local.get $n) (local.get $d)))

  ;; Sum of squares in float64. Four running sums take the elements whose index is 0, 1, 2, 3 modulo 4, in order; the
  ;; result is ((s0 + s2) + (s1 + s3)). Squares of float32 are exact in float64 and cannot overflow it.
  (func (export "sumSquares") (param $a i32) (param $n i32) (result f64)
    (local $i i32) (local $m i32) (local $x v128) (local $y v128) (local $low v128) (local $high v128)
    (local $value f64) (local $square f64)
    (local.set $m (i32.and (local.get $n) (i32.const -4)))
    (block $done (loop $next
      (br_if $done (i32.ge_u (local.get $i) (local.get $m)))
      (local.set $x (v128.load (local.get $a)))
      (local.set $y (f64x2.promote_low_f32x4 (local.get $x)))
      (local.set $low (f64x2.add (local.get $low) (f64x2.mul (local.get $y) (local.get $y))))
      (local.set $y (f64x2.promote_low_f32x4
        (i8x16.shuffle 8 9 10 11 12 13 14 15 8 9 10 11 12 13 14 15 (local.get $x) (local.get $x))))
      (local.set $high (f64x2.add (local.get $high) (f64x2.mul (local.get $y) (local.get $y))))
      (local.set $a (i32.add (local.get $a) (i32.const 16)))
      (local.set $i (i32.add (local.get $i) (i32.const 4)))
      (br $next)))
    (block $end (loop $tail
      (br_if $end (i32.ge_u (local.get $i) (local.get $n)))
      (local.set $value (f64.promote_f32 (f32.load (local.get $a))))
      (local.set $square (f64.mul (local.get $value) (local.get $value)))
      ;; The tail holds at most three elements: indices 0, 1 and 2 modulo 4.
      (if (i32.eq (i32.and (local.get $i) (i32.const 3)) (i32.const 0))
        (then (local.set $low (f64x2.replace_lane 0 (local.get $low)
          (f64.add (f64x2.extract_lane 0 (local.get $low)) (local.get $square))))))
      (if (i32.eq (i32.and (local.get $i) (i32.const 3)) (i32.const 1))
        (then (local.set $low (f64x2.replace_lane 1 (local.get $low)
          (f64.add (f64x2.extract_lane 1 (local.get $low)) (local.get $square))))))
      (if (i32.eq (i32.and (local.get $i) (i32.const 3)) (i32.const 2))
        (then (local.set $high (f64x2.replace_lane 0 (local.get $high)
          (f64.add (f64x2.extract_lane 0 (local.get $high)) (local.get $square))))))
      (local.set $a (i32.add (local.get $a) (i32.const 4)))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br $tail)))
    (local.set $low (f64x2.add (local.get $low) (local.get $high)))
    (f64.add (f64x2.extract_lane 0 (local.get $low)) (f64x2.extract_lane 1 (local.get $low))))

  ;; XXH64 with seed 0 (Yann Collet, xxHash fast digest algorithm, version 0.1.1).
  (func (export "xxh64") (param $a i32) (param $n i32) (result i64)
    (local $end i32) (local $h i64) (local $v1 i64) (local $v2 i64) (local $v3 i64) (local $v4 i64)
    (local.set $end (i32.add (local.get $a) (local.get $n)))
    (if (i32.ge_u (local.get $n) (i32.const 32)) (then
      (local.set $v1 (i64.const 6983438078262162902))
      (local.set $v2 (i64.const -4417276706812531889))
      (local.set $v4 (i64.const 7046029288634856825))
      (loop $stripe
      (local.set $v1 (i64.mul (i64.rotl (i64.add (local.get $v1) (i64.mul (i64.load (local.get $a)) (i64.const -4417276706812531889))) (i64.const 31)) (i64.const -7046029288634856825)))
      (local.set $v2 (i64.mul (i64.rotl (i64.add (local.get $v2) (i64.mul (i64.load offset=8 (local.get $a)) (i64.const -4417276706812531889))) (i64.const 31)) (i64.const -7046029288634856825)))
      (local.set $v3 (i64.mul (i64.rotl (i64.add (local.get $v3) (i64.mul (i64.load offset=16 (local.get $a)) (i64.const -4417276706812531889))) (i64.const 31)) (i64.const -7046029288634856825)))
      (local.set $v4 (i64.mul (i64.rotl (i64.add (local.get $v4) (i64.mul (i64.load offset=24 (local.get $a)) (i64.const -4417276706812531889))) (i64.const 31)) (i64.const -7046029288634856825)))
        (local.set $a (i32.add (local.get $a) (i32.const 32)))
        (br_if $stripe (i32.ge_u (i32.sub (local.get $end) (local.get $a)) (i32.const 32))))
      (local.set $h (i64.add
        (i64.add (i64.rotl (local.get $v1) (i64.const 1)) (i64.rotl (local.get $v2) (i64.const 7)))
        (i64.add (i64.rotl (local.get $v3) (i64.const 12)) (i64.rotl (local.get $v4) (i64.const 18)))))
      (local.set $h (i64.add (i64.mul (i64.xor (local.get $h) (i64.mul (i64.rotl (i64.add (i64.const 0) (i64.mul (local.get $v1) (i64.const -4417276706812531889))) (i64.const 31)) (i64.const -7046029288634856825))) (i64.const -7046029288634856825)) (i64.const -8796714831421723037)))
      (local.set $h (i64.add (i64.mul (i64.xor (local.get $h) (i64.mul (i64.rotl (i64.add (i64.const 0) (i64.mul (local.get $v2) (i64.const -4417276706812531889))) (i64.const 31)) (i64.const -7046029288634856825))) (i64.const -7046029288634856825)) (i64.const -8796714831421723037)))
      (local.set $h (i64.add (i64.mul (i64.xor (local.get $h) (i64.mul (i64.rotl (i64.add (i64.const 0) (i64.mul (local.get $v3) (i64.const -4417276706812531889))) (i64.const 31)) (i64.const -7046029288634856825))) (i64.const -7046029288634856825)) (i64.const -8796714831421723037)))
      (local.set $h (i64.add (i64.mul (i64.xor (local.get $h) (i64.mul (i64.rotl (i64.add (i64.const 0) (i64.mul (local.get $v4) (i64.const -4417276706812531889))) (i64.const 31)) (i64.const -7046029288634856825))) (i64.const -7046029288634856825)) (i64.const -8796714831421723037)))
    ) (else (local.set $h (i64.const 2870177450012600261))))
    (local.set $h (i64.add (local.get $h) (i64.extend_i32_u (local.get $n))))
    (block $eights (loop $eight
      (br_if $eights (i32.lt_u (i32.sub (local.get $end) (local.get $a)) (i32.const 8)))
      (local.set $h (i64.add (i64.mul (i64.rotl (i64.xor (local.get $h) (i64.mul (i64.rotl (i64.add (i64.const 0) (i64.mul (i64.load (local.get $a)) (i64.const -4417276706812531889))) (i64.const 31)) (i64.const -7046029288634856825)))
        (i64.const 27)) (i64.const -7046029288634856825)) (i64.const -8796714831421723037)))
      (local.set $a (i32.add (local.get $a) (i32.const 8)))
      (br $eight)))
    (if (i32.ge_u (i32.sub (local.get $end) (local.get $a)) (i32.const 4)) (then
      (local.set $h (i64.add (i64.mul (i64.rotl
        (i64.xor (local.get $h) (i64.mul (i64.load32_u (local.get $a)) (i64.const -7046029288634856825))) (i64.const 23)) (i64.const -4417276706812531889)) (i64.const 1609587929392839161)))
      (local.set $a (i32.add (local.get $a) (i32.const 4)))))
    (block $ones (loop $one
      (br_if $ones (i32.ge_u (local.get $a) (local.get $end)))
      (local.set $h (i64.mul (i64.rotl
        (i64.xor (local.get $h) (i64.mul (i64.load8_u (local.get $a)) (i64.const 2870177450012600261))) (i64.const 11)) (i64.const -7046029288634856825)))
      (local.set $a (i32.add (local.get $a) (i32.const 1)))
      (br $one)))
    (local.set $h (i64.mul (i64.xor (local.get $h) (i64.shr_u (local.get $h) (i64.const 33))) (i64.const -4417276706812531889)))
    (local.set $h (i64.mul (i64.xor (local.get $h) (i64.shr_u (local.get $h) (i64.const 29))) (i64.const 1609587929392839161)))
    (i64.xor (local.get $h) (i64.shr_u (local.get $h) (i64.const 32))))

  ;; Fletcher's idea on four lanes of 32 bits: sums of the words, and sums of the sums, so that order counts. For bytes that
  ;; travel: any change of one word shows, and a change of several by chance once in 2^32.
  (func (export "checksum") (param $a i32) (param $n i32) (result i32)
    (local $end i32) (local $s v128) (local $t v128) (local $x i32)
    (local.set $end (i32.add (local.get $a) (i32.and (local.get $n) (i32.const -16))))
    (block $done (loop $next
      (br_if $done (i32.ge_u (local.get $a) (local.get $end)))
      (local.set $s (i32x4.add (local.get $s) (v128.load (local.get $a))))
      (local.set $t (i32x4.add (local.get $t) (local.get $s)))
      (local.set $a (i32.add (local.get $a) (i32.const 16)))
      (br $next)))
    (local.set $x (local.get $n))
    (local.set $x (i32.rotl (i32.mul (i32.add (local.get $x) (i32x4.extract_lane 0 (local.get $s))) (i32.const -1640531535)) (i32.const 13)))
    (local.set $x (i32.rotl (i32.mul (i32.add (local.get $x) (i32x4.extract_lane 1 (local.get $s))) (i32.const -1640531535)) (i32.const 13)))
    (local.set $x (i32.rotl (i32.mul (i32.add (local.get $x) (i32x4.extract_lane 2 (local.get $s))) (i32.const -1640531535)) (i32.const 13)))
    (local.set $x (i32.rotl (i32.mul (i32.add (local.get $x) (i32x4.extract_lane 3 (local.get $s))) (i32.const -1640531535)) (i32.const 13)))
    (local.set $x (i32.rotl (i32.mul (i32.add (local.get $x) (i32x4.extract_lane 0 (local.get $t))) (i32.const -1640531535)) (i32.const 13)))
    (local.set $x (i32.rotl (i32.mul (i32.add (local.get $x) (i32x4.extract_lane 1 (local.get $t))) (i32.const -1640531535)) (i32.const 13)))
    (local.set $x (i32.rotl (i32.mul (i32.add (local.get $x) (i32x4.extract_lane 2 (local.get $t))) (i32.const -1640531535)) (i32.const 13)))
    (local.set $x (i32.rotl (i32.mul (i32.add (local.get $x) (i32x4.extract_lane 3 (local.get $t))) (i32.const -1640531535)) (i32.const 13)))
    (local.set $end (i32.add (local.get $a) (i32.and (local.get $n) (i32.const 15))))
    (block $ones (loop $one
      (br_if $ones (i32.ge_u (local.get $a) (local.get $end)))
      (local.set $x (i32.mul (i32.xor (local.get $x) (i32.load8_u (local.get $a))) (i32.const 16777619)))
      (local.set $a (i32.add (local.get $a) (i32.const 1)))
      (br $one)))
    (local.get $x))
)
