// Sessions of TensorFlow for graphs of Langevin's own. They differ from those of TensorFlow.js's binding in what crosses into JavaScript:
// feeds are copied once, into memory of TensorFlow; a result is copied once, into an array of the caller's where there is one; and a run
// can bring along what TensorFlow measured in it.
#include <node_api.h>

#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include "../team.h"
#include "tensorflow/c/c_api.h"
#include "values.h"

namespace {

using langevin::Bytes;
using langevin::Failure;

struct Status {
  TF_Status* const value = TF_NewStatus();
  ~Status() { TF_DeleteStatus(value); }
  void Check() const {
    if (TF_GetCode(value) != TF_OK) throw Failure(TF_Message(value));
  }
};

struct DeleteTensor {
  void operator()(TF_Tensor* tensor) const { TF_DeleteTensor(tensor); }
};
using Tensor = std::unique_ptr<TF_Tensor, DeleteTensor>;

struct DeleteBuffer {
  void operator()(TF_Buffer* buffer) const { TF_DeleteBuffer(buffer); }
};
using Buffer = std::unique_ptr<TF_Buffer, DeleteBuffer>;

struct Session {
  TF_Graph* graph = nullptr;
  TF_Session* session = nullptr;
};

// Fields of RunOptions (tensorflow/core/protobuf/config.proto): trace_level: FULL_TRACE.
const std::string kFullTrace("\x08\x03");
// inter_op_thread_pool: -1. The whole run stays in the thread of the caller: handing operations over costs more where others run beside it.
const std::string kOneThread("\x18\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01");

TF_Output PlaceOf(TF_Graph* graph, const std::string& place) {
  const size_t colon = place.find(':');
  TF_Operation* operation = TF_GraphOperationByName(graph, place.substr(0, colon).c_str());
  if (operation == nullptr) throw Failure("the graph has no node " + place);
  return {operation, colon == std::string::npos ? 0 : std::stoi(place.substr(colon + 1))};
}

// At least what TensorFlow wants tensors to begin at a multiple of; it would copy another one.
constexpr size_t kAlignment = 64;

// Memory that ends with the tensor. Of what posix_memalign has given and got back, glibc makes no second one of the same size (before 2.38):
// feeds as large as a model's gradient would have the process grow.
Tensor NewTensor(TF_DataType type, const std::vector<int64_t>& shape, const void* data, size_t size) {
  void* block = std::malloc(size + kAlignment);
  if (block == nullptr) throw Failure("no memory for a feed of " + std::to_string(size) + " bytes");
  void* begin = block;
  size_t room = size + kAlignment;
  std::align(kAlignment, size, begin, room);
  std::memcpy(begin, data, size);
  const auto release = [](void*, size_t, void* owned) { std::free(owned); };
  return Tensor(TF_NewTensor(type, shape.data(), static_cast<int>(shape.size()), begin, size, release, block));
}

// The memory of JavaScript is left alone from then on: what TensorFlow keeps is its own.
Tensor TensorOf(napi_env env, napi_value feed) {
  const std::vector<int64_t> shape = langevin::IntegersOf(env, langevin::Property(env, feed, "shape"));
  const Bytes bytes = langevin::BytesOf(env, langevin::Property(env, feed, "elements"));
  const auto type = static_cast<TF_DataType>(langevin::IntegerOf(env, langevin::Property(env, feed, "dtype")));
  size_t size = TF_DataTypeSize(type);
  for (const int64_t extent : shape) size *= extent;
  if (size != bytes.size) throw Failure("a feed of " + std::to_string(size) + " bytes has " + std::to_string(bytes.size));
  return NewTensor(type, shape, bytes.data, size);
}

// What a run takes and brings back; in between no JavaScript is needed.
struct GraphRun {
  std::vector<TF_Output> inputs, outputs;
  std::vector<Tensor> fed, fetched;
  std::vector<Bytes> targets;  // One for each output; without data where the result gets an array of its own.
  Buffer metadata;
  std::string failure;

  void Execute(TF_Session* session, const std::string& options) {
    std::vector<TF_Tensor*> values, raw(outputs.size(), nullptr);
    for (const Tensor& tensor : fed) values.push_back(tensor.get());
    const Buffer settings(TF_NewBufferFromString(options.data(), options.size()));
    const Status status;
    TF_SessionRun(session, settings.get(), inputs.data(), values.data(), static_cast<int>(inputs.size()), outputs.data(), raw.data(),
                  static_cast<int>(outputs.size()), nullptr, 0, metadata.get(), status.value);
    for (TF_Tensor* tensor : raw) fetched.emplace_back(tensor);
    try {
      status.Check();
      for (size_t i = 0; i < raw.size(); i++) CopyTo(targets[i], raw[i]);
    } catch (const Failure& thrown) {
      failure = thrown.what();
    }
  }

  static void CopyTo(const Bytes& target, const TF_Tensor* tensor) {
    if (target.data == nullptr) return;
    const size_t size = TF_TensorByteSize(tensor);
    if (target.size != size) throw Failure("a result of " + std::to_string(size) + " bytes was to go into " + std::to_string(target.size));
    std::memcpy(target.data, TF_TensorData(tensor), size);
  }
};

GraphRun RunOf(napi_env env, TF_Graph* graph, napi_value call, bool traced) {
  GraphRun run;
  for (napi_value feed : langevin::ElementsOf(env, langevin::Property(env, call, "feeds"))) {
    run.inputs.push_back(PlaceOf(graph, langevin::StringOf(env, langevin::Property(env, feed, "place"))));
    run.fed.push_back(TensorOf(env, feed));
  }
  for (napi_value fetch : langevin::ElementsOf(env, langevin::Property(env, call, "fetches"))) {
    run.outputs.push_back(PlaceOf(graph, langevin::StringOf(env, langevin::Property(env, fetch, "place"))));
    napi_value into = langevin::Property(env, fetch, "into");
    run.targets.push_back(langevin::IsNullish(env, into) ? Bytes{nullptr, 0} : langevin::BytesOf(env, into));
  }
  if (traced) run.metadata.reset(TF_NewBuffer());
  return run;
}

napi_value ResultOf(napi_env env, const TF_Tensor* tensor, bool taken) {
  std::vector<int64_t> shape(TF_NumDims(tensor));
  for (size_t i = 0; i < shape.size(); i++) shape[i] = TF_Dim(tensor, static_cast<int>(i));
  napi_value result = langevin::NewObject(env);
  langevin::SetProperty(env, result, "dtype", langevin::NewInteger(env, TF_TensorType(tensor)));
  langevin::SetProperty(env, result, "shape", langevin::NewIntegers(env, shape));
  if (!taken) langevin::SetProperty(env, result, "bytes", langevin::NewBytes(env, TF_TensorData(tensor), TF_TensorByteSize(tensor)));
  return result;
}

napi_value AnswerOf(napi_env env, const GraphRun& run) {
  std::vector<napi_value> results;
  for (size_t i = 0; i < run.fetched.size(); i++) results.push_back(ResultOf(env, run.fetched[i].get(), run.targets[i].data != nullptr));
  napi_value answer = langevin::NewObject(env);
  langevin::SetProperty(env, answer, "results", langevin::NewArray(env, results));
  if (run.metadata) langevin::SetProperty(env, answer, "trace", langevin::NewBytes(env, run.metadata->data, run.metadata->length));
  return answer;
}

// open(directory): a session of the SavedModel in a folder, under the tag "serve".
napi_value Open(napi_env env, const std::vector<napi_value>& arguments) {
  const std::string directory = langevin::StringOf(env, arguments[0]);
  const std::unique_ptr<TF_SessionOptions, decltype(&TF_DeleteSessionOptions)> options(TF_NewSessionOptions(), TF_DeleteSessionOptions);
  const char* const tags[] = {"serve"};
  const Status status;
  auto opened = std::make_unique<Session>();
  opened->graph = TF_NewGraph();
  opened->session = TF_LoadSessionFromSavedModel(options.get(), nullptr, directory.c_str(), tags, 1, opened->graph, nullptr, status.value);
  if (opened->session == nullptr) TF_DeleteGraph(opened->graph);
  status.Check();
  return langevin::NewExternal(env, opened.release());
}

// run(session, calls, traced): for each { feeds, fetches } its { results, trace }, where `trace` has the bytes of TensorFlow's RunMetadata if they
// were asked for. Calls run at the same time, as many as there are threads.
napi_value Run(napi_env env, const std::vector<napi_value>& arguments) {
  const auto* session = static_cast<const Session*>(langevin::ExternalOf(env, arguments[0]));
  const bool traced = langevin::BooleanOf(env, arguments[2]);
  std::vector<GraphRun> runs;
  for (napi_value call : langevin::ElementsOf(env, arguments[1])) runs.push_back(RunOf(env, session->graph, call, traced));
  const bool apart = runs.size() > 1 || langevin::TeamThreads() == 1;
  const std::string options = (traced ? kFullTrace : "") + (apart ? kOneThread : "");
  langevin::AtOnce(runs.size(), [&](int64_t index) { runs[index].Execute(session->session, options); });

  std::vector<napi_value> answers;
  for (const GraphRun& run : runs) {
    if (!run.failure.empty()) throw Failure(run.failure);
    answers.push_back(AnswerOf(env, run));
  }
  return langevin::NewArray(env, answers);
}

// threads(): how many calls run at the same time.
napi_value Threads(napi_env env, const std::vector<napi_value>&) { return langevin::NewInteger(env, langevin::TeamThreads()); }

// close(session): frees it with all its variables. Once.
napi_value Close(napi_env env, const std::vector<napi_value>& arguments) {
  const std::unique_ptr<Session> session(static_cast<Session*>(langevin::ExternalOf(env, arguments[0])));
  const Status status;
  TF_DeleteSession(session->session, status.value);
  TF_DeleteGraph(session->graph);
  status.Check();
  return nullptr;
}

}  // namespace

NAPI_MODULE_INIT() {
  langevin::Export<Open, 1>(env, exports, "open");
  langevin::Export<Run, 3>(env, exports, "run");
  langevin::Export<Threads, 0>(env, exports, "threads");
  langevin::Export<Close, 1>(env, exports, "close");
  return exports;
}
