;; The arithmetic of the reducer, on float32 vectors in an imported memory. Addresses are byte offsets, multiples of 16.
;; Every element of add, scale and divide is one IEEE operation, so how they are grouped into lanes changes no bit.
;; WebAssembly keeps denormals and rounds to nearest even on every machine (WebAssembly core specification, 4.3.3).
(module
  (import "reducer" "memory" (memory 0))

  ;; a[i] = a[i] + b[i]
  (func (export "add") (param $a i32) (param $b i32) (param $n i32)
    (local $i i32) (local $m i32)
    (local.set $m (i32.and (local.get $n) (i32.const -8)))
    (block $done (loop $next
      (br_if $done (i32.ge_u (local.get $i) (local.get $m)))
      (v128.store (local.get $a) (f32x4.add (v128.load (local.get $a)) (v128.load (local.get $b))))
      (v128.store offset=16 (local.get $a)
        (f32x4.add (v128.load offset=16 (local.get $a)) (v128.load offset=16 (local.get $b))))
      (local.set $a (i32.add (local.get $a) (i32.const 32)))
      (local.set $b (i32.add (local.get $b) (i32.const 32)))
      (local.set $i (i32.add (local.get $i) (i32.const 8)))
      (br $next)))
    (block $end (loop $tail
      (br_if $end (i32.ge_u (local.get $i) (local.get $n)))
      (f32.store (local.get $a) (f32.add (f32.load (local.get $a)) (f32.load (local.get $b))))
      (local.set $a (i32.add (local.get $a) (i32.const 4)))
      (local.set $b (i32.add (local.get $b) (i32.const 4)))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br $tail))))

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

  ;; a[i] = a[i] / d
  (func (export "divide") (param $a i32) (param $n i32) (param $d f32)
    (local $i i32) (local $m i32) (local $v v128)
    (local.set $m (i32.and (local.get $n) (i32.const -4)))
    (local.set $v (f32x4.splat (local.get $d)))
    (block $done (loop $next
      (br_if $done (i32.ge_u (local.get $i) (local.get $m)))
      (v128.store (local.get $a) (f32x4.div (v128.load (local.get $a)) (local.get $v)))
      (local.set $a (i32.add (local.get $a) (i32.const 16)))
      (local.set $i (i32.add (local.get $i) (i32.const 4)))
      (br $next)))
    (block $end (loop $tail
      (br_if $end (i32.ge_u (local.get $i) (local.get $n)))
      (f32.store (local.get $a) (f32.div (f32.load (local.get $a)) (local.get $d)))
      (local.set $a (i32.add (local.get $a) (i32.const 4)))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br $tail))))

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
)
