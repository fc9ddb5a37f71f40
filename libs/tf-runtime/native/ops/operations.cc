// The operations register themselves with TensorFlow when the addon is loaded. One translation unit, because TensorFlow's headers cost more than all the rest.
#include "adam_op.cc"
#include "bfloat16_op.cc"
#include "convolution_op.cc"
#include "group_norm_op.cc"
