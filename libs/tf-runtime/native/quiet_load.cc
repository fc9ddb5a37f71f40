// Loads a shared library while standard error is kept aside, then gives back every line of it except TensorFlow's start-up
// notices. TensorFlow writes those while its library is being loaded, before its own log level is in force.
#include <node_api.h>

#include <dlfcn.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <string>

namespace {

const char* const kNotices[] = {"All log messages before absl::InitializeLog()", "oneDNN custom operations are on."};

bool IsNotice(const std::string& line) {
  for (const char* notice : kNotices) {
    if (line.find(notice) != std::string::npos) return true;
  }
  return false;
}

void WriteAllButNotices(FILE* kept) {
  std::rewind(kept);
  std::string line;
  for (int c = std::fgetc(kept); c != EOF || !line.empty(); c = std::fgetc(kept)) {
    if (c != EOF) line.push_back(static_cast<char>(c));
    if (c != EOF && c != '\n') continue;
    if (!IsNotice(line)) std::fputs(line.c_str(), stderr);
    line.clear();
  }
}

std::string StringOf(napi_env env, napi_value value) {
  size_t length = 0;
  napi_get_value_string_utf8(env, value, nullptr, 0, &length);
  std::string text(length + 1, '\0');
  napi_get_value_string_utf8(env, value, &text[0], text.size(), &length);
  text.resize(length);
  return text;
}

// load(path, logLevel): also sets the log level of the process, which a worker's own copy of the environment cannot.
napi_value Load(napi_env env, napi_callback_info info) {
  size_t count = 2;
  napi_value values[2];
  napi_get_cb_info(env, info, &count, values, nullptr, nullptr);
  if (count < 2) {
    napi_throw_type_error(env, nullptr, "load(path, logLevel) takes two strings");
    return nullptr;
  }
  const std::string path = StringOf(env, values[0]);
  setenv("TF_CPP_MIN_LOG_LEVEL", StringOf(env, values[1]).c_str(), 0);

  std::fflush(stderr);
  const int original = dup(STDERR_FILENO);
  FILE* kept = original < 0 ? nullptr : std::tmpfile();
  if (kept != nullptr) dup2(fileno(kept), STDERR_FILENO);
  // Never closed: the library's own threads outlive every worker.
  void* library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  const std::string problem = library == nullptr ? dlerror() : "";
  if (kept != nullptr) {
    std::fflush(stderr);
    dup2(original, STDERR_FILENO);
    WriteAllButNotices(kept);
    std::fclose(kept);
  }
  if (original >= 0) close(original);
  if (library == nullptr) napi_throw_error(env, nullptr, problem.c_str());
  return nullptr;
}

napi_value Init(napi_env env, napi_value exports) {
  napi_value load;
  napi_create_function(env, "load", NAPI_AUTO_LENGTH, Load, nullptr, &load);
  napi_set_named_property(env, exports, "load", load);
  return exports;
}

}  // namespace

NAPI_MODULE(quiet_load, Init)
