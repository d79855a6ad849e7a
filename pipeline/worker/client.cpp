// SPDX-License-Identifier: Apache-2.0
#include "pipeline/worker/client.h"

#include <fmt/format.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <fstream>

#include "core/text.h"
#include "pipeline/worker/ending.h"
#include "pipeline/worker/media_file.h"
#include "pipeline/worker/protocol.h"
#include "pipeline/worker/session.h"
#include "pipeline/worker/spawn.h"
#include "pipeline/worker/zygote.h"

namespace cleangate::worker {
namespace {

using Clock = std::chrono::steady_clock;
using Milliseconds = std::chrono::milliseconds;

// After its last word, or after hanging up without one, a worker has this long to be gone.
constexpr Milliseconds kParting{2000};
constexpr std::size_t kKeptWords = 4096;  // bytes of what it printed

// Processes that the kernel killed for memory since boot, anywhere on the machine; 0 if unknown.
std::uint64_t oom_kills() {
  std::ifstream counters("/proc/vmstat");
  std::string name;
  std::uint64_t value = 0;
  while (counters >> name >> value)
    if (name == "oom_kill") return value;
  return 0;
}

// The CPU time a worker may use: what its wall limit lets all threads use; without one (a probe) a
// week each.
std::uint64_t cpu_seconds(const WorkerOptions& options, int threads) {
  constexpr std::int64_t kWeek = 7 * 24 * 3600;
  const std::int64_t wall = std::chrono::ceil<std::chrono::seconds>(options.wall_limit).count();
  return static_cast<std::uint64_t>((wall > 0 ? wall + 1 : kWeek) * (std::max(threads, 1) + 1));
}

// Reads what the worker says until it ends or has to be ended.
class Watch {
 public:
  Watch(SpawnedWorker& worker, Session& session, const WorkerOptions& options, int stop)
      : worker_(worker), session_(session), options_(options), stop_(stop) {}

  Ending run();

 private:
  enum class Hearing : std::uint8_t { nothing, something, hung_up };

  [[nodiscard]] int patience() const;
  [[nodiscard]] bool is_overdue();
  Hearing listen();
  void collect_words();
  void stop(StoppedBy why, Milliseconds limit = Milliseconds{0});

  SpawnedWorker& worker_;
  Session& session_;
  const WorkerOptions& options_;
  int stop_;
  RecordReader reader_;
  Ending ending_;
  std::string words_;
  bool words_over_ = false;
  bool stopped_ = false;
  Clock::time_point start_ = Clock::now(), last_sign_ = start_, last_advance_ = start_;
  std::uint64_t advances_ = 0;
};

int Watch::patience() const {
  auto until =
      std::min(last_sign_ + options_.heartbeat_timeout, last_advance_ + options_.stall_timeout);
  if (options_.wall_limit.count() > 0) until = std::min(until, start_ + options_.wall_limit);
  const auto left = std::chrono::ceil<Milliseconds>(until - Clock::now()).count();
  return static_cast<int>(std::clamp<std::int64_t>(left, 0, 60'000));
}

void Watch::stop(StoppedBy why, Milliseconds limit) {
  ending_.stopped_by = why;
  ending_.limit_ms = limit.count();
  stopped_ = true;
  worker_.kill();
}

bool Watch::is_overdue() {
  const auto now = Clock::now();
  if (options_.wall_limit.count() > 0 && now >= start_ + options_.wall_limit)
    stop(StoppedBy::wall_limit, options_.wall_limit);
  else if (now >= last_sign_ + options_.heartbeat_timeout)
    stop(StoppedBy::silence, options_.heartbeat_timeout);
  else if (now >= last_advance_ + options_.stall_timeout)
    stop(StoppedBy::stall, options_.stall_timeout);
  return stopped_;
}

Watch::Hearing Watch::listen() {
  std::array<std::byte, std::size_t{256} << 10> bytes;
  const ssize_t count = ::recv(worker_.socket(), bytes.data(), bytes.size(), MSG_DONTWAIT);
  if (count < 0 && (errno == EAGAIN || errno == EINTR)) return Hearing::nothing;
  if (count <= 0) return Hearing::hung_up;
  reader_.feed(std::span(bytes.data(), static_cast<std::size_t>(count)));
  while (!session_.ended()) {
    const auto record = reader_.next();
    if (record && !*record) break;
    const auto accepted =
        record ? session_.accept(**record) : Expected<void>(tl::unexpected(record.error()));
    if (!accepted) {
      ending_.violation = accepted.error().message;
      stop(StoppedBy::protocol);
      break;
    }
  }
  // The sink may have taken its time: the worker's clock starts again now.
  last_sign_ = Clock::now();
  if (session_.advances() != advances_) last_advance_ = last_sign_;
  advances_ = session_.advances();
  return Hearing::something;
}

void Watch::collect_words() {
  constexpr int kReads = 64;  // a worker that never stops talking must not keep us from the clock
  char text[1024];
  for (int i = 0; i < kReads; ++i) {
    const ssize_t count = ::read(worker_.printed(), text, sizeof text);
    if (count < 0 && errno == EINTR) continue;
    if (count == 0) words_over_ = true;
    if (count <= 0) break;
    words_.append(text, static_cast<std::size_t>(count));
    if (words_.size() > kKeptWords) words_.erase(0, words_.size() - kKeptWords);
  }
}

std::string last_line(std::string_view text) {
  while (!text.empty() && text.back() == '\n') text.remove_suffix(1);
  return readable(text.substr(text.rfind('\n') + 1).substr(0, 200));
}

Ending Watch::run() {
  bool hung_up = false;
  while (!stopped_ && !hung_up && !session_.ended()) {
    std::array<pollfd, 3> watched{{{worker_.socket(), POLLIN, 0},
                                   {stop_, POLLIN, 0},
                                   {words_over_ ? -1 : worker_.printed(), POLLIN, 0}}};
    const int ready = ::poll(watched.data(), watched.size(), patience());
    if (ready < 0 && errno == EINTR) continue;
    if (watched[1].revents != 0) {
      stop(StoppedBy::caller);
      break;
    }
    if (watched[2].revents != 0) collect_words();
    const Hearing heard = watched[0].revents != 0 ? listen() : Hearing::nothing;
    hung_up = heard == Hearing::hung_up;
    if (heard == Hearing::nothing) (void)is_overdue();
    // Only a talker is left to bound: one that always has something to say.
    if (heard == Hearing::something && !stopped_ && !session_.ended()) (void)is_overdue();
  }
  // After the last word nothing more is awaited; without one, the manner of death matters.
  ending_.wait_status = worker_.reap(hung_up ? kParting : Milliseconds{0});
  collect_words();
  ending_.greeted = session_.hello().has_value();
  ending_.done = session_.done();
  ending_.has_facts = session_.facts().has_value();
  ending_.error = session_.error();
  ending_.last_words = last_line(words_);
  return ending_;
}

Expected<void> send_request(int socket, const Request& request) {
  const std::vector<std::byte> record = encode(request);
  // A request is far smaller than a socket's buffer, so that this cannot block or be cut.
  const ssize_t sent = ::send(socket, record.data(), record.size(), MSG_NOSIGNAL);
  if (sent != static_cast<ssize_t>(record.size()) && errno != EPIPE && errno != ECONNRESET)
    return fail(ErrorCode::internal, "The request could not be sent to the worker.");
  return {};  // one that has died already is told apart by its end
}

// Wakes the poll when a stop is requested.
class StopEvent {
 public:
  explicit StopEvent(const std::stop_token& token)
      : event_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)), callback_(token, Raise{event_.get()}) {}
  [[nodiscard]] int descriptor() const { return event_.get(); }

 private:
  struct Raise {
    int event;
    void operator()() const {
      const std::uint64_t one = 1;
      (void)!::write(event, &one, sizeof one);
    }
  };
  Descriptor event_;
  std::stop_callback<Raise> callback_;
};

Expected<SpawnedWorker> start_worker(const WorkerOptions& options, const WorkerFiles& files) {
  if (options.zygote)
    if (auto forked = options.zygote->fork(files)) return forked;
  const auto executable = find_executable(options.executable);
  if (!executable) return tl::unexpected(executable.error());
  return SpawnedWorker::start(*executable, files);
}

// One worker from start to end.
Expected<Ending> employ(Request request, const WorkerFiles& files, const WorkerOptions& options,
                        Session& session, const std::stop_token& stop) {
  const StopEvent stop_event(stop);
  const std::uint64_t kills_before = oom_kills();
  auto worker = start_worker(options, files);
  if (!worker) return tl::unexpected(worker.error());
  request.parent = worker->parent();
  if (auto sent = send_request(worker->socket(), request); !sent)
    return tl::unexpected(sent.error());
  Ending ending = Watch(*worker, session, options, stop_event.descriptor()).run();
  ending.oom_kills_grew = oom_kills() > kills_before;
  return ending;
}

Request request_for(Errand errand, const WorkerOptions& options,
                    const probes::MeasureRequest& measure) {
  return {errand,
          options.isolation,
          options.address_space_bytes,
          cpu_seconds(options, measure.threads),
          Remember::nothing,
          0,  // known once it is started
          measure};
}

Error about(const std::string& path, const Error& error) {
  return {error.code, fmt::format("{}: {}", readable(path), error.message)};
}

class NoSink final : public probes::MeasurementSink {
  void header(const probes::AssetFacts&) override {}
  void rows(const probes::SeriesId&, std::span<const std::byte>) override {}
  void progress(const probes::Progress&) override {}
  void facts(const probes::AssetFacts&) override {}
};

}  // namespace

std::chrono::milliseconds wall_limit_for(std::uint64_t bytes) {
  constexpr std::uint64_t kYear = 365 * 24;
  const std::uint64_t hours = std::min(kYear, 1 + (bytes >> 25));
  return std::chrono::hours(static_cast<std::int64_t>(hours));
}

WorkerOutcome measure(const std::string& path, const probes::MeasureRequest& request,
                      const WorkerOptions& given, probes::MeasurementSink& sink,
                      std::stop_token stop, Checkpoints* checkpoints) {
  WorkerOutcome outcome;
  const auto media = MediaFile::open(path);
  if (!media) {
    outcome.status = status_for(media.error().code);
    outcome.error = media.error();
    return outcome;
  }
  WorkerOptions options = given;
  if (options.wall_limit.count() <= 0) options.wall_limit = wall_limit_for(media->bytes());
  Session session(sink, {Errand::measure, request.depth, media->bytes(), limits_for(media->bytes()),
                         checkpoints});
  Request wanted = request_for(Errand::measure, options, request);
  const WorkerFiles files{media->descriptor(), checkpoints ? checkpoints->earlier() : -1};
  if (checkpoints) wanted.remember = files.memory < 0 ? Remember::keep : Remember::go_on;
  const auto ending = employ(std::move(wanted), files, options, session, stop);
  if (!ending) {
    outcome.status = status_for(ending.error().code);
    outcome.error = about(path, ending.error());
    return outcome;
  }
  if (session.hello()) outcome.isolation = *session.hello();
  Verdict verdict = classify(*ending);
  if (const std::string change = media->change(); !change.empty())
    verdict = {probes::Status::refused,
               Error{ErrorCode::refused,
                     fmt::format("The file changed while it was read: {}. Measure it again when it "
                                 "is complete.",
                                 change)}};
  outcome.status = verdict.status;
  if (verdict.error) outcome.error = about(path, *verdict.error);
  const bool whole =
      verdict.status == probes::Status::measured || verdict.status == probes::Status::partial;
  if (whole && session.facts()) sink.facts(*session.facts());
  return outcome;
}

std::shared_ptr<Zygote> start_zygote(const WorkerOptions& options) {
  const auto executable = find_executable(options.executable);
  if (!executable) return nullptr;
  auto zygote = Zygote::start(*executable);
  return zygote ? std::shared_ptr<Zygote>(std::move(*zygote)) : nullptr;
}

Expected<IsolationReport> probe_isolation(const WorkerOptions& options) {
  NoSink sink;
  Session session(sink, {Errand::probe, probes::Depth::header, 0, {}});
  const auto ending =
      employ(request_for(Errand::probe, options, {}), {}, options, session, std::stop_token{});
  if (!ending) return tl::unexpected(ending.error());
  // Under `strict` a worker that cannot be shut in says so after its hello: that is an answer.
  if (session.hello()) return *session.hello();
  const Verdict verdict = classify(*ending);
  return tl::unexpected(verdict.error.value_or(
      Error{ErrorCode::internal, "The worker did not report its isolation."}));
}

}  // namespace cleangate::worker
