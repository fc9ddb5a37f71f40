// Values of JavaScript as C++ has them, and back. What JavaScript hands over is what the declarations on its side say; anything else
// becomes an exception there.
#pragma once

#include <node_api.h>

#include <cstdint>
#include <cstring>
#include <stdexcept>
#include <string>
#include <vector>

namespace langevin {

/** What JavaScript gets as an Error. */
struct Failure : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/** The elements of a typed array. */
struct Bytes {
  void* data;
  size_t size;
};

inline void Check(napi_status status, const char* what) {
  if (status != napi_ok) throw Failure(std::string("expected ") + what);
}

inline napi_value Property(napi_env env, napi_value object, const char* name) {
  napi_value value;
  Check(napi_get_named_property(env, object, name, &value), name);
  return value;
}

inline bool IsNullish(napi_env env, napi_value value) {
  napi_valuetype type;
  Check(napi_typeof(env, value, &type), "a value");
  return type == napi_undefined || type == napi_null;
}

inline int64_t IntegerOf(napi_env env, napi_value value) {
  int64_t integer;
  Check(napi_get_value_int64(env, value, &integer), "a number");
  return integer;
}

inline bool BooleanOf(napi_env env, napi_value value) {
  bool boolean;
  Check(napi_get_value_bool(env, value, &boolean), "a boolean");
  return boolean;
}

inline std::string StringOf(napi_env env, napi_value value) {
  size_t length = 0;
  Check(napi_get_value_string_utf8(env, value, nullptr, 0, &length), "a string");
  std::string text(length + 1, '\0');
  napi_get_value_string_utf8(env, value, &text[0], text.size(), &length);
  text.resize(length);
  return text;
}

inline void* ExternalOf(napi_env env, napi_value value) {
  void* pointer;
  Check(napi_get_value_external(env, value, &pointer), "a session");
  return pointer;
}

inline std::vector<napi_value> ElementsOf(napi_env env, napi_value array) {
  uint32_t length;
  Check(napi_get_array_length(env, array, &length), "an array");
  std::vector<napi_value> elements(length);
  for (uint32_t i = 0; i < length; i++) Check(napi_get_element(env, array, i, &elements[i]), "an element");
  return elements;
}

inline std::vector<int64_t> IntegersOf(napi_env env, napi_value array) {
  std::vector<int64_t> integers;
  for (napi_value element : ElementsOf(env, array)) integers.push_back(IntegerOf(env, element));
  return integers;
}

/** Float32Array, Int32Array or Uint8Array; the memory may be a WebAssembly's. */
inline Bytes BytesOf(napi_env env, napi_value array) {
  napi_typedarray_type type;
  size_t length;
  void* data;
  Check(napi_get_typedarray_info(env, array, &type, &length, &data, nullptr, nullptr), "a typed array");
  const size_t width = type == napi_uint8_array ? 1 : type == napi_float32_array || type == napi_int32_array ? 4 : 0;
  if (width == 0) throw Failure("expected a Float32Array, an Int32Array or a Uint8Array");
  return {data, length * width};
}

inline napi_value NewObject(napi_env env) {
  napi_value object;
  Check(napi_create_object(env, &object), "memory");
  return object;
}

inline void SetProperty(napi_env env, napi_value object, const char* name, napi_value value) {
  Check(napi_set_named_property(env, object, name, value), "an object");
}

inline napi_value NewInteger(napi_env env, int64_t integer) {
  napi_value value;
  Check(napi_create_int64(env, integer, &value), "memory");
  return value;
}

inline napi_value NewArray(napi_env env, const std::vector<napi_value>& elements) {
  napi_value array;
  Check(napi_create_array_with_length(env, elements.size(), &array), "memory");
  for (size_t i = 0; i < elements.size(); i++) Check(napi_set_element(env, array, i, elements[i]), "an array");
  return array;
}

inline napi_value NewIntegers(napi_env env, const std::vector<int64_t>& integers) {
  std::vector<napi_value> elements;
  for (const int64_t integer : integers) elements.push_back(NewInteger(env, integer));
  return NewArray(env, elements);
}

/** An ArrayBuffer with a copy. */
inline napi_value NewBytes(napi_env env, const void* data, size_t size) {
  void* target;
  napi_value buffer;
  Check(napi_create_arraybuffer(env, size, &target, &buffer), "memory");
  if (size > 0) std::memcpy(target, data, size);
  return buffer;
}

inline napi_value NewExternal(napi_env env, void* pointer) {
  napi_value external;
  Check(napi_create_external(env, pointer, nullptr, nullptr, &external), "memory");
  return external;
}

using Function = napi_value (*)(napi_env, const std::vector<napi_value>&);

template <Function function, size_t count>
napi_value Call(napi_env env, napi_callback_info info) {
  std::vector<napi_value> arguments(count);
  size_t given = count;
  napi_get_cb_info(env, info, &given, arguments.data(), nullptr, nullptr);
  try {
    return function(env, arguments);
  } catch (const std::exception& failure) {
    napi_throw_error(env, nullptr, failure.what());
    return nullptr;
  }
}

/** Makes a function of C++ one of the addon; it gets as many arguments as it counts on, undefined where the caller gave none. */
template <Function function, size_t count>
void Export(napi_env env, napi_value exports, const char* name) {
  napi_value value;
  if (napi_create_function(env, name, NAPI_AUTO_LENGTH, Call<function, count>, nullptr, &value) == napi_ok) {
    napi_set_named_property(env, exports, name, value);
  }
}

}  // namespace langevin
