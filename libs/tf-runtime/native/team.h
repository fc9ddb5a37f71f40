// The threads that compute: whole runs of a graph at the same time, and parts of one operation where nobody runs a graph.
#pragma once

#include <cstdint>
#include <functional>

namespace langevin {

/** Threads that compute at the same time, the caller's included: as many as TensorFlow may run operations (TF_NUM_INTEROP_THREADS). */
int TeamThreads();

/**
 * Runs `work(begin, end)` over parts of 0 … total and returns when all is done; a unit costs about `cost` floating-point operations.
 * The caller takes one part after the other itself, and whoever has nothing to do helps: nobody waits for a thread that is busy or asleep.
 * How it is parted depends on the threads, so no result may.
 */
void InParts(int64_t total, int64_t cost, const std::function<void(int64_t begin, int64_t end)>& work);

/** Runs work(0) … work(count - 1), as many at the same time as there are threads, and returns when all is done. `work` throws nothing. */
void AtOnce(int64_t count, const std::function<void(int64_t index)>& work);

}  // namespace langevin
