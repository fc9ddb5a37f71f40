// The addon: its operations register themselves with TensorFlow when it is loaded. One translation unit, because TensorFlow's headers cost more than all the rest.
#include <node_api.h>

#include "adam_op.cc"
#include "bfloat16_op.cc"
#include "convolution_op.cc"
#include "group_norm_op.cc"

NAPI_MODULE_INIT() { return exports; }
