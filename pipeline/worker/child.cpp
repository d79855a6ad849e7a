// SPDX-License-Identifier: Apache-2.0
#include "pipeline/worker/child.h"

#include <malloc.h>
#include <pthread.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <memory>
#include <new>
#include <optional>
#include <stdexcept>
#include <string>
#include <system_error>
#include <thread>

#include "pipeline/worker/advance_source.h"
#include "pipeline/worker/channel.h"
#include "pipeline/worker/protocol.h"
#include "pipeline/worker/sandbox.h"
#include "pipeline/worker/zygote.h"
#include "pipeline/worker/zygote_child.h"

namespace cleangate::worker {
namespace {

constexpr auto kHeartbeatInterval = std::chrono::milliseconds{500};
constexpr std::size_t kStackBytes = std::size_t{8} << 20;

// What the new_handler needs; it takes no argument, so these are the only mutable globals here.
// Set once, before any thread starts.
Channel* out_of_memory_channel = nullptr;
const std::vector<std::byte>* out_of_memory_record = nullptr;

// Memory is gone for good in a process that ends anyway: say so with bytes made beforehand, and go.
[[noreturn]] void report_out_of_memory() {
  out_of_memory_channel->send(*out_of_memory_record);
  out_of_memory_channel->flush();
  ::_exit(0);
}

// A thread that cannot be started for want of address space is want of memory too.
bool is_want_of_memory(const std::exception& error) {
  if (dynamic_cast<const std::bad_alloc*>(&error) || dynamic_cast<const std::length_error*>(&error))
    return true;
  const auto* refused = dynamic_cast<const std::system_error*>(&error);
  return refused && (refused->code() == std::errc::resource_unavailable_try_again ||
                     refused->code() == std::errc::not_enough_memory);
}

// An exception that nobody caught: memory is told apart, the rest crashes with its message.
[[noreturn]] void report_uncaught() {
  try {
    if (std::current_exception()) std::rethrow_exception(std::current_exception());
  } catch (const std::exception& error) {
    if (is_want_of_memory(error)) report_out_of_memory();
    std::fprintf(stderr, "%s\n", error.what());
  } catch (...) {
  }
  std::abort();
}

[[noreturn]] void end_with(Channel& channel, std::span<const std::byte> record) {
  channel.send(record);
  channel.flush();
  ::_exit(0);  // no destructors: other threads may still run
}

Expected<Request> read_request() {
  RecordReader reader;
  std::byte bytes[4096];
  for (;;) {
    const ssize_t count = ::read(kSocketDescriptor, bytes, sizeof bytes);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return fail(ErrorCode::protocol, "the parent hung up");
    reader.feed(std::span(bytes, static_cast<std::size_t>(count)));
    const auto record = reader.next();
    if (!record) return tl::unexpected(record.error());
    if (!*record) continue;
    if ((*record)->type != RecordType::request)
      return fail(ErrorCode::protocol, "the parent's first record is no request");
    return decode_request((*record)->payload);
  }
}

// Reserved address space must not grow with the number of threads beyond what the limit can bear:
// glibc reserves 64 MiB for each arena and a thread's stack as `ulimit -s` says.
void bound_reservations(std::uint64_t address_space_bytes) {
  if (address_space_bytes != 0) {
    constexpr std::uint64_t kArenaBytes = std::uint64_t{64} << 20;
    const auto arenas = std::clamp<std::uint64_t>(address_space_bytes / 8 / kArenaBytes, 2, 64);
    (void)::mallopt(M_ARENA_MAX, static_cast<int>(arenas));
  }
  pthread_attr_t attributes;
  if (::pthread_attr_init(&attributes) != 0) return;
  (void)::pthread_attr_setstacksize(&attributes, kStackBytes);
  (void)::pthread_setattr_default_np(&attributes);
  ::pthread_attr_destroy(&attributes);
}

// Packets and pictures are megabytes each: glibc would map and unmap every one, and the kernel
// clear its pages each time. A worker lives for one file, so what it has freed it may keep.
void keep_freed_memory() {
  (void)::mallopt(M_MMAP_THRESHOLD, 32 << 20);
  (void)::mallopt(M_TRIM_THRESHOLD, 512 << 20);
}

void die_with(std::int32_t parent) {
  (void)::prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
  if (::getppid() != parent) ::_exit(1);  // it died before we asked for the signal
}

// Runs the pass; what it throws becomes an error like any other.
Expected<void> run_measure(MeasureFunction measure, ByteSource& source, const Request& request,
                           RecordSink& sink, pass::DecodeMemory* memory) {
  try {
    return measure(source, request.measure, sink, std::stop_token{}, memory);
  } catch (const std::exception& error) {
    if (is_want_of_memory(error))
      return fail(ErrorCode::out_of_memory, "The worker ran out of memory.");
    return fail(ErrorCode::internal, std::string("The pass failed: ") + error.what() + ".");
  } catch (...) {
    return fail(ErrorCode::internal, "The pass failed for an unknown reason.");
  }
}

std::jthread start_heartbeat(Channel& channel, const AdvanceSource& source) {
  return std::jthread([&channel, &source](const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      channel.send(encode_heartbeat(source.advances()));
      channel.flush();
      std::this_thread::sleep_for(kHeartbeatInterval);
    }
  });
}

// Only fstat: not a byte of it is read before the sandbox holds. One that cannot be had is none.
std::unique_ptr<ByteSource> open_memory(const Request& request) {
  if (request.errand != Errand::measure || request.remember != Remember::go_on) return nullptr;
  auto opened = open_descriptor(kMemoryDescriptor);
  return opened ? std::move(*opened) : nullptr;
}

int first_closed_descriptor(const Request& request) {
  if (request.errand != Errand::measure) return kSocketDescriptor + 1;
  return request.remember == Remember::go_on ? kMemoryDescriptor + 1 : kMediaDescriptor + 1;
}

[[noreturn]] void work(MeasureFunction measure, const Request& request, Channel& channel) {
  std::optional<AdvanceSource> source;
  std::optional<Error> unopened;
  if (request.errand == Errand::measure) {
    // Only fstat: not a byte of the media is read before the sandbox holds.
    if (auto opened = open_descriptor(kMediaDescriptor))
      source.emplace(std::move(*opened));
    else
      unopened = opened.error();
  }
  auto earlier = open_memory(request);
  const SandboxLimits limits{first_closed_descriptor(request), 16, request.address_space_bytes,
                             request.cpu_seconds};
  const IsolationReport report = enter_sandbox(request.isolation, limits);
  channel.send(encode(report));
  channel.flush();
  if (request.isolation == Isolation::strict && report.level != "full")
    end_with(channel, encode(Error{ErrorCode::refused,
                                   "The sandbox cannot be had in full (" + report.missing + ")."}));
  if (unopened) end_with(channel, encode(*unopened));
  if (!source) end_with(channel, encode_done());

  const std::jthread heartbeat = start_heartbeat(channel, *source);
  RecordSink sink(channel);
  std::optional<RecordMemory> memory;
  if (request.remember != Remember::nothing) memory.emplace(channel, std::move(earlier));
  const auto measured = run_measure(measure, *source, request, sink, memory ? &*memory : nullptr);
  if (!measured) end_with(channel, encode(measured.error()));
  if (!sink.complete())
    end_with(channel, encode(Error{ErrorCode::internal, "The pass ended without facts."}));
  end_with(channel, encode_done());
}

}  // namespace

int run_worker(int argc, char** argv, MeasureFunction measure) {
  const bool is_zygote = argc == 2 && std::strcmp(argv[1], kZygoteArgument) == 0;
  if (!is_zygote && (argc != 2 || std::strcmp(argv[1], kWorkerArgument) != 0)) {
    std::fprintf(stderr,
                 "This program is a part of Cleangate and is started by it; run `cleangate`.\n");
    return 2;
  }
  (void)std::signal(SIGPIPE, SIG_IGN);
  if (is_zygote) {
    const auto in_child = serve_forks();
    if (!in_child) return 2;
    if (!*in_child) return 0;
  }
  const auto request = read_request();
  if (!request) {
    std::fprintf(stderr, "No valid request: %s.\n", request.error().message.c_str());
    return 2;
  }
  die_with(request->parent);
  keep_freed_memory();
  bound_reservations(request->isolation == Isolation::off ? 0 : request->address_space_bytes);
  static Channel channel(kSocketDescriptor);
  static const std::vector<std::byte> record =
      encode(Error{ErrorCode::out_of_memory, "The worker ran out of memory."});
  out_of_memory_channel = &channel;
  out_of_memory_record = &record;
  std::set_new_handler(report_out_of_memory);
  std::set_terminate(report_uncaught);
  work(measure, *request, channel);
}

}  // namespace cleangate::worker
