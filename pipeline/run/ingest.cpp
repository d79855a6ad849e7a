// SPDX-License-Identifier: Apache-2.0
#include "pipeline/run/ingest.h"

#include <fmt/format.h>
#include <oneapi/tbb/flow_graph.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "core/text.h"
#include "dam/files.h"
#include "dam/recorder.h"
#include "dam/waivers.h"
#include "pipeline/run/asset_task.h"
#include "pipeline/run/crew.h"
#include "pipeline/run/rejudge.h"
#include "pipeline/run/renamed_evidence.h"

namespace cleangate::run {
namespace {

namespace flow = tbb::flow;
using Task = std::shared_ptr<AssetTask>;
using AsyncNode = flow::async_node<Task, Task>;

constexpr std::size_t kGroup = 128;  // assets in one transaction at most
// Between transactions: pages of the catalog that all of them change are then written once for
// many.
constexpr std::chrono::milliseconds kApart{60};
constexpr std::size_t kUnderWay = 256;  // assets between discovery and report at most

// Status and verdicts come from one evidence, wherever that is kept.
const specs::Evidence* evidence_of(const AssetTask& task) {
  if (task.measured) return task.measured.get();
  return task.stored.get();
}

bool is_renamed(const AssetTask& task) {
  return task.stored && file_name(task.stored->path()) != file_name(task.candidate.path);
}

// What a catalog consists of on disk.
std::vector<std::string> files_of(const std::string& catalog) {
  return {catalog,
          catalog + "-wal",
          catalog + "-shm",
          catalog + "-journal",
          dam::lock_file(catalog),
          dam::series_directory(catalog)};
}

class Ingest {
 public:
  Ingest(const std::string& path, const dam::CatalogOptions& options, dam::Catalog catalog,
         const IngestRequest& request, IngestObserver& observer, std::stop_token stop)
      : request_(with_zygote(request)),
        observer_(observer),
        stop_(std::move(stop)),
        catalog_(std::move(catalog)),
        catalogs_(path, options),
        budget_(request_.measure.threads, request_.measure.memory_bytes),
        discovery_(request_.paths, files_of(catalog_.path())),
        work_(catalogs_, budget_, claims_, request_, progress_, remark_, stop_) {}

  Expected<IngestTotals> run();

 private:
  static IngestRequest with_zygote(IngestRequest request) {
    if (!request.worker.zygote) request.worker.zygote = worker::start_zygote(request.worker);
    return request;
  }
  Task discover();
  void find_out(AssetTask& task);
  static void give_up(AssetTask& task, const std::exception& error);
  void judge(AssetTask& task) const;
  void record(std::span<Task> group);
  void record_measured(std::span<Task> group);
  void record_stored(std::span<Task> group);
  void tell_judgements(AssetTask& task);
  void report(AssetTask& task);
  void relate();
  void refuse(AssetTask& task, const Error& error);

  const IngestRequest request_;
  IngestObserver& observer_;
  std::mutex telling_;  // the observer is told from one thread at a time
  const std::stop_token stop_;
  dam::Catalog catalog_;  // the recorder's own
  Catalogs catalogs_;
  Budget budget_;
  Claims claims_;
  Discovery discovery_;
  std::size_t discovered_ = 0;
  const std::function<void(std::size_t, const probes::Progress&)> progress_ =
      [this](std::size_t position, const probes::Progress& progress) {
        const std::scoped_lock lock(telling_);
        observer_.progress(position, progress);
      };
  const std::function<void(const std::string&)> remark_ = [this](const std::string& line) {
    const std::scoped_lock lock(telling_);
    observer_.remark(line);
  };
  AssetWork work_;
  IngestTotals totals_;
  std::optional<Error> refused_;    // by the catalog
  std::atomic<bool> over_ = false;  // refused for good: measuring on would be for nothing
  // Who belongs to whom, by path as discovered.
  std::map<std::string, dam::AssetNumber> numbers_;
  std::vector<std::pair<std::string, std::string>> sidecars_;
};

Task Ingest::discover() {
  if (stop_.stop_requested() || over_) return nullptr;
  auto found = discovery_.next();
  const std::scoped_lock lock(telling_);
  for (const std::string& remark : discovery_.take_remarks()) observer_.remark(remark);
  if (!found) return nullptr;
  auto task = std::make_shared<AssetTask>();
  task->told.position = discovered_++;
  task->told.path = found->path;
  task->told.named = found->named;
  task->told.sidecar_of = found->sidecar_of;
  task->told.bytes = found->bytes;
  task->candidate = std::move(*found);
  observer_.discovered(task->told.position, task->told.path, task->told.bytes);
  return task;
}

void Ingest::judge(AssetTask& task) const {
  const specs::Evidence* evidence = evidence_of(task);
  if (!evidence || !can_be_judged(*evidence)) return;
  const RenamedEvidence renamed(*evidence, task.candidate.path);
  if (is_renamed(task)) evidence = &renamed;
  for (const specs::Profile& profile : request_.profiles)
    task.verdicts.push_back(specs::judge(*evidence, profile, request_.order));
}

dam::AssetRecord record_of(const AssetTask& task, const IngestRequest& request) {
  dam::AssetRecord record;
  record.location = task.recognized.location;
  record.gone = task.gone;
  record.evidence = task.measured.get();
  record.error = task.told.error;
  record.isolation = task.isolation;
  record.all_rows = request.measure.rows.empty() && task.all_there_is;
  if (!task.recognized.content_hint.empty()) record.content_hint = task.recognized.content_hint;
  for (const probes::StreamFacts& stream : task.measured->facts().streams)
    if (stream.essence_hint) record.essence_hints[stream.index] = *stream.essence_hint;
  for (const specs::Verdict& verdict : task.verdicts)
    record.verdicts.push_back({verdict, request.order});
  return record;
}

// Whether the catalog refuses everything now, not this asset alone.
bool refuses_all(const Error& error) {
  return error.code == ErrorCode::timed_out || error.code == ErrorCode::permission ||
         error.code == ErrorCode::damaged || error.code == ErrorCode::io;
}

void Ingest::refuse(AssetTask& task, const Error& error) {
  if (!refused_) refused_ = error;
  if (refuses_all(error)) over_ = true;
  task.told.number = 0;
  task.told.error = Error{error.code, fmt::format("{}: not recorded: {}",
                                                  readable(task.candidate.path), error.message)};
}

// One transaction for all; when it fails, one for each, so that one asset's trouble is its own.
void Ingest::record_measured(std::span<Task> group) {
  if (group.empty()) return;
  std::vector<dam::AssetRecord> records;
  for (const Task& task : group) records.push_back(record_of(*task, request_));
  auto recorded = dam::Recorder(catalog_).record(records);
  if (recorded) {
    for (std::size_t i = 0; i < group.size(); ++i) group[i]->told.number = (*recorded)[i].number;
  } else if (group.size() == 1 || over_ || recorded.error().code == ErrorCode::timed_out) {
    for (const Task& task : group) refuse(*task, recorded.error());
  } else {
    for (std::size_t i = 0; i < group.size(); ++i) record_measured(group.subspan(i, 1));
  }
}

void Ingest::record_stored(std::span<Task> group) {
  if (group.empty()) return;
  std::vector<dam::Recorder::Seen> seen;
  std::vector<dam::Recorder::Judged> judged;
  for (const Task& task : group) {
    seen.push_back({task->told.number, task->recognized.location, task->gone});
    if (task->stored)
      for (const specs::Verdict& verdict : task->verdicts)
        judged.push_back({task->told.number,
                          task->stored->digest(),
                          {verdict, request_.order},
                          task->stored.get()});
  }
  const auto done = dam::Recorder(catalog_).met(seen, judged);
  if (done) return;
  if (group.size() == 1 || refuses_all(done.error())) {
    for (const Task& task : group) refuse(*task, done.error());
    return;
  }
  for (std::size_t i = 0; i < group.size(); ++i) record_stored(group.subspan(i, 1));
}

void Ingest::record(std::span<Task> group) {
  std::vector<Task> measured, stored;
  std::vector<std::string> emptied;  // not what was seen there
  for (const Task& task : group) {
    if (task->told.error && task->told.error->code == ErrorCode::empty_file)
      emptied.push_back(dam::absolute_place(task->candidate.path));
    const bool left_out = task->told.status == probes::Status::cancelled || !task->located;
    if (task->measured && !left_out && task->told.status != probes::Status::refused)
      measured.push_back(task);
    else if (task->told.number != 0 && !left_out)
      stored.push_back(task);
  }
  record_measured(measured);
  record_stored(stored);
  if (emptied.empty() || over_) return;
  if (auto done = dam::Recorder(catalog_).emptied(emptied); !done) refused_ = done.error();
}

// What was recorded, with the waivers that hold for it.
void Ingest::tell_judgements(AssetTask& task) {
  for (const specs::Verdict& verdict : task.verdicts) {
    auto judged = catalogs_.with([&](dam::Catalog& catalog) {
      return dam::just_judged(catalog, task.told.number, verdict, task.told.status);
    });
    if (!judged) {  // without its waivers it is only stricter
      judged = dam::StoredJudgement{};
      judged->verdict = verdict;
      judged->status = task.told.status;
    }
    task.told.judgements.push_back(std::move(*judged));
  }
}

// What is on record needs no checkpoint. An end from outside may leave one worth going on from.
void drop_checkpoint(AssetTask& task) {
  const auto status = task.told.status;
  const bool ended_from_outside = status == probes::Status::cancelled ||
                                  status == probes::Status::timed_out ||
                                  status == probes::Status::out_of_memory;
  if (task.checkpoint && task.told.number != 0 && !ended_from_outside) task.checkpoint->remove();
  task.checkpoint.reset();
}

void Ingest::report(AssetTask& task) {
  drop_checkpoint(task);
  if (!task.claim.empty()) claims_.release(std::exchange(task.claim, {}));
  tell_judgements(task);
  task.told.evidence = evidence_of(task);
  if (task.told.evidence && task.told.evidence->facts().container.format.empty())
    task.told.evidence = nullptr;
  task.told.has_facts = task.told.evidence && (task.told.status == probes::Status::measured ||
                                               task.told.status == probes::Status::partial);
  task.told.isolation = task.stored ? task.stored->isolation() : task.isolation;
  const std::scoped_lock lock(telling_);
  if (task.told.number != 0) numbers_[task.candidate.path] = task.told.number;
  if (task.candidate.sidecar_of)
    sidecars_.emplace_back(task.candidate.path, *task.candidate.sidecar_of);
  ++totals_.assets;
  totals_.bytes += task.told.bytes;
  observer_.finished(task.told);
  task.told.evidence = nullptr;
}

void Ingest::relate() {
  std::vector<dam::Recorder::Relation> relations;
  for (const auto& [sidecar, master] : sidecars_) {
    const auto ours = numbers_.find(sidecar), theirs = numbers_.find(master);
    if (ours == numbers_.end() || theirs == numbers_.end() || ours->second == theirs->second)
      continue;
    relations.push_back({ours->second, "sidecar_of", theirs->second});
  }
  if (relations.empty()) return;
  if (auto related = dam::Recorder(catalog_).related(relations); !related)
    observer_.remark(
        fmt::format("Sidecars are not linked to their masters: {}", related.error().message));
}

// Whatever goes wrong with one asset stays with it.
void Ingest::find_out(AssetTask& task) {
  if (over_) {
    task.told.status = probes::Status::cancelled;
    return budget_.forget();
  }
  try {
    work_.run(task);
  } catch (const std::exception& error) {
    give_up(task, error);
  }
  if (!task.took_share) budget_.forget();
}

// We failed, not the file: nothing is said of it, and the others go on.
void Ingest::give_up(AssetTask& task, const std::exception& error) {
  task.measured.reset();
  task.stored.reset();
  task.verdicts.clear();
  task.told.number = 0;
  task.told.status = probes::Status::crashed;
  task.told.error = Error{ErrorCode::internal,
                          fmt::format("{}: nothing can be said of it, we failed ({}).",
                                      readable(task.candidate.path), readable(error.what()))};
}

Expected<IngestTotals> Ingest::run() {
  struct Errand {
    Task task;
    AsyncNode::gateway_type* gateway;
  };
  const auto done = [](Errand& errand) {
    errand.gateway->try_put(errand.task);
    errand.gateway->release_wait();
  };
  flow::graph graph;
  flow::input_node<Task> source(graph, [this](tbb::flow_control& control) {
    Task task = discover();
    if (!task) control.stop();
    return task;
  });
  flow::limiter_node<Task> limiter(graph, kUnderWay);
  std::unique_ptr<Crew<Errand>> watchers, recorder;
  AsyncNode find_out(graph, flow::unlimited, [&](Task task, AsyncNode::gateway_type& gateway) {
    gateway.reserve_wait();
    budget_.expect();
    watchers->put({std::move(task), &gateway});
  });
  flow::function_node<Task, Task> judge(graph, flow::unlimited, [this](Task task) {
    try {
      this->judge(*task);
    } catch (const std::exception& error) {
      give_up(*task, error);
    }
    return task;
  });
  AsyncNode record(graph, flow::unlimited, [&](Task task, AsyncNode::gateway_type& gateway) {
    gateway.reserve_wait();
    recorder->put({std::move(task), &gateway});
  });
  flow::function_node<Task> report(graph, flow::serial, [&](const Task& task) {
    this->report(*task);
    return flow::continue_msg();
  });
  // Made after the nodes and ended before them: they are waited for.
  // One more than workers at once: it looks up what comes next.
  watchers = std::make_unique<Crew<Errand>>(std::max(request_.measure.threads, 1) + 1, 1,
                                            [this, &done](std::span<Errand> one) {
                                              this->find_out(*one[0].task);
                                              done(one[0]);
                                            });
  recorder = std::make_unique<Crew<Errand>>(
      1, kGroup,
      [this, &done](std::span<Errand> group) {
        std::vector<Task> tasks;
        for (const Errand& errand : group) tasks.push_back(errand.task);
        try {
          this->record(tasks);
        } catch (const std::exception& error) {  // nothing of it is taken for written
          for (const Task& task : tasks)
            this->refuse(*task, Error{ErrorCode::internal, error.what()});
        }
        for (Errand& errand : group) done(errand);
      },
      kApart);
  flow::make_edge(source, limiter);
  flow::make_edge(limiter, find_out);
  flow::make_edge(find_out, judge);
  flow::make_edge(judge, record);
  flow::make_edge(record, report);
  flow::make_edge(report, limiter.decrementer());
  source.activate();
  graph.wait_for_all();
  relate();
  totals_.unread = discovery_.unread();
  if (refused_) return tl::unexpected(*refused_);
  return totals_;
}

}  // namespace

Expected<IngestTotals> ingest(const std::string& catalog, const dam::CatalogOptions& options,
                              const IngestRequest& request, IngestObserver& observer,
                              std::stop_token stop) {
  auto opened = dam::Catalog::open(catalog, options);
  if (!opened) return tl::unexpected(opened.error());
  return Ingest(catalog, options, std::move(*opened), request, observer, std::move(stop)).run();
}

}  // namespace cleangate::run
