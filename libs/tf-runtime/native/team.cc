#include "team.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <cstdlib>
#include <deque>
#include <memory>
#include <mutex>
#include <thread>

namespace langevin {
namespace {

/** Floating-point operations below which a part is computed sooner than handed over. */
constexpr int64_t kPart = 1 << 20;

/** Parts for each thread, so that the last of them is not waited for long. */
constexpr int64_t kPartsEach = 3;

/** Work in parts, each of which is taken once. */
class Task {
 public:
  using Work = std::function<void(int64_t)>;

  Task(int64_t parts, const Work& work) : parts_(parts), work_(work) {}

  int64_t parts() const { return parts_; }
  bool done() const { return done_ == parts_; }

  /** Computes parts until nobody has to take one; true for who computes the last. */
  bool Help() {
    bool last = false;
    for (int64_t part = next_++; part < parts_; part = next_++) {
      work_(part);
      last = ++done_ == parts_;
    }
    return last;
  }

 private:
  const int64_t parts_;
  const Work& work_;  // Of the caller, who stays until all is done; after that nobody calls it.
  std::atomic<int64_t> next_{0};
  std::atomic<int64_t> done_{0};
};

/** All threads that compute. It lasts as long as the process. */
class Team {
 public:
  explicit Team(int threads) : threads_(threads) {
    for (int helper = 1; helper < threads; ++helper) std::thread([this] { Serve(); }).detach();
  }

  int threads() const { return threads_; }

  void Run(int64_t parts, const Task::Work& work) {
    const auto task = std::make_shared<Task>(parts, work);
    const bool enters = !inside_;
    inside_ = true;
    if (enters) ++busy_;
    Call(task);
    task->Help();
    std::unique_lock<std::mutex> lock(mutex_);
    while (!task->done()) {
      // Whoever waits in the middle of something must not begin something long.
      if (enters && !called_.empty()) {
        HelpNext(lock);
      } else {
        --busy_;
        (enters ? call_ : end_).wait(lock);
        ++busy_;
      }
    }
    if (!enters) return;
    inside_ = false;
    --busy_;
  }

 private:
  /** Has those who are idle help. */
  void Call(const std::shared_ptr<Task>& task) {
    const int64_t helpers = std::min<int64_t>(task->parts() - 1, threads_ - busy_);
    if (helpers <= 0) return;
    const std::lock_guard<std::mutex> lock(mutex_);
    called_.insert(called_.end(), helpers, task);
    for (int64_t helper = 0; helper < helpers; ++helper) call_.notify_one();
  }

  void HelpNext(std::unique_lock<std::mutex>& lock) {
    const std::shared_ptr<Task> task = std::move(called_.front());
    called_.pop_front();
    lock.unlock();
    const bool last = task->Help();
    lock.lock();
    if (!last) return;
    // Its caller may wait, as one who is called or in the middle of something.
    call_.notify_all();
    end_.notify_all();
  }

  void Serve() {
    inside_ = true;
    std::unique_lock<std::mutex> lock(mutex_);
    for (;;) {
      call_.wait(lock, [this] { return !called_.empty(); });
      ++busy_;
      HelpNext(lock);
      --busy_;
    }
  }

  static thread_local bool inside_;

  const int threads_;
  std::atomic<int> busy_{0};
  std::mutex mutex_;
  std::condition_variable call_;  // Something is called for, or has ended.
  std::condition_variable end_;   // Something has ended.
  std::deque<std::shared_ptr<Task>> called_;
};

thread_local bool Team::inside_ = false;

int ThreadsOfEnvironment() {
  const char* threads = std::getenv("TF_NUM_INTEROP_THREADS");
  return threads ? std::atoi(threads) : static_cast<int>(std::thread::hardware_concurrency());
}

Team& TheTeam() {
  // Never destroyed: its threads may wait when the process ends.
  static Team* team = new Team(std::max(1, ThreadsOfEnvironment()));
  return *team;
}

}  // namespace

int TeamThreads() { return TheTeam().threads(); }

void InParts(int64_t total, int64_t cost, const std::function<void(int64_t, int64_t)>& work) {
  const int64_t parts = std::min({total, TeamThreads() * kPartsEach, total * cost / kPart});
  if (TeamThreads() == 1 || parts < 2) return work(0, total);
  TheTeam().Run(parts, [&](int64_t part) { work(total * part / parts, total * (part + 1) / parts); });
}

void AtOnce(int64_t count, const std::function<void(int64_t)>& work) {
  if (TeamThreads() > 1 && count > 1) return TheTeam().Run(count, work);
  for (int64_t index = 0; index < count; ++index) work(index);
}

}  // namespace langevin
