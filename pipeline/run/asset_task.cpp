// SPDX-License-Identifier: Apache-2.0
#include "pipeline/run/asset_task.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/text.h"
#include "dam/content_id.h"
#include "dam/known.h"
#include "pipeline/run/departed.h"
#include "pipeline/run/rewrap.h"
#include "pipeline/run/unopened.h"
#include "pipeline/worker/ending.h"
#include "probes/facts_version.h"

namespace cleangate::run {
namespace {

using probes::Depth;
using probes::Status;

// Hands rows on to the evidence and progress to whoever watches; facts as the user groups them.
class TaskSink final : public probes::MeasurementSink {
 public:
  TaskSink(dam::MemoryEvidence& evidence, const IngestRequest& request,
           std::function<void(const probes::Progress&)> progress)
      : evidence_(evidence), request_(request), progress_(std::move(progress)) {}
  void header(const probes::AssetFacts& facts) override { evidence_.header(facts); }
  void rows(const probes::SeriesId& id, std::span<const std::byte> rows) override {
    evidence_.rows(id, rows);
  }
  void progress(const probes::Progress& progress) override { progress_(progress); }
  void facts(const probes::AssetFacts& facts) override {
    probes::AssetFacts grouped = facts;
    if (request_.regroup) misfit_ = request_.regroup(grouped);
    evidence_.facts(grouped);
    complete_ = true;
  }
  [[nodiscard]] bool complete() const { return complete_; }
  [[nodiscard]] const std::optional<Error>& misfit() const { return misfit_; }

 private:
  dam::MemoryEvidence& evidence_;
  const IngestRequest& request_;
  std::function<void(const probes::Progress&)> progress_;
  std::optional<Error> misfit_;
  bool complete_ = false;
};

Error cancelled(const std::string& path) {
  return {ErrorCode::cancelled,
          fmt::format("{}: interrupted before it was finished.", readable(path))};
}

}  // namespace

bool Claims::claim(const std::vector<std::byte>& hint, const std::stop_token& stop) {
  if (hint.empty()) return true;  // nothing to tell it by, and nothing that would be released
  std::unique_lock lock(mutex_);
  if (!released_.wait(lock, stop, [&] { return !claimed_.contains(hint); })) return false;
  claimed_.insert(hint);
  return true;
}

void Claims::release(const std::vector<std::byte>& hint) {
  const std::scoped_lock lock(mutex_);
  claimed_.erase(hint);
  released_.notify_all();
}

void AssetWork::fail_with(AssetTask& task, Status status, Error error) {
  task.told.status = status;
  task.told.error = std::move(error);
}

// The evidence of a known asset; false when it cannot be had and the file has to be read.
bool AssetWork::take_stored(AssetTask& task) {
  const dam::KnownAsset& asset = *task.recognized.asset;
  task.told.number = asset.number;
  task.told.content_id = asset.content_id;
  task.told.status = asset.status;
  task.told.known = task.recognized.known;
  task.told.error = asset.error;
  if (asset.status == Status::not_media) return true;
  auto stored = catalogs_.with(
      [&](dam::Catalog& catalog) { return dam::StoredEvidence::load(catalog, asset.number); });
  if (!stored) return false;
  if (asset.depth <= request_.measure.depth &&
      is_old_damage(asset.facts_version, (*stored)->facts()))
    return false;
  const std::vector<std::string>& digests = request_.measure.digests;
  const bool all_digests = std::all_of(digests.begin(), digests.end(), [&](const auto& name) {
    return (*stored)->facts().digests.contains(name);
  });
  if (!all_digests) return false;  // another has been asked for since
  const bool rows_matter = request_.measure.depth == Depth::decode;
  if (rows_matter && (*stored)->lacks(request_.rows_asked)) return false;
  task.stored = std::move(*stored);
  return true;
}

bool AssetWork::has_old_damage(const dam::KnownAsset& asset) {
  if (asset.facts_version >= probes::kDamageSeenAnewBefore) return false;
  const auto stored = catalogs_.with(
      [&](dam::Catalog& catalog) { return dam::StoredEvidence::load(catalog, asset.number); });
  return !stored || is_old_damage(asset.facts_version, (*stored)->facts());
}

// What is remembered, with the soundfields as the user states them now; false when the rows cannot
// be had.
bool AssetWork::regroup_stored(AssetTask& task) {
  probes::AssetFacts facts = task.stored->facts();
  if (const auto misfit = request_.regroup(facts)) {
    task.stored.reset();
    fail_with(
        task, Status::refused,
        Error{misfit->code, fmt::format("{}: {}", readable(task.candidate.path), misfit->message)});
    return true;
  }
  auto evidence = restate(catalogs_, task.recognized.location.path, facts);
  if (!evidence) return false;
  (*evidence)->set_status(task.stored->status());
  task.isolation = task.stored->isolation();
  task.stored.reset();
  task.measured = std::move(*evidence);
  return true;
}

// True when the asset is known and nothing more is to be done; or when it failed.
bool AssetWork::look_up(AssetTask& task, const worker::MediaFile& media) {
  auto recognized = recognize(catalogs_, task.candidate.path, media, request_);
  if (!recognized) {
    fail_with(task, worker::status_for(recognized.error().code), recognized.error());
    return true;
  }
  task.recognized = std::move(*recognized);
  task.located = true;
  if (task.recognized.known != KnownBy::no && take_stored(task))
    if (!request_.regroup || !task.stored || regroup_stored(task)) return true;
  task.stored.reset();
  task.recognized.known = KnownBy::no;
  // Known by its stat it needed no hint; without one all such files would claim the same.
  if (task.recognized.content_hint.empty())
    if (auto hint = dam::content_hint(media.descriptor()))
      task.recognized.content_hint = std::move(*hint);
  IngestedAsset unknown;
  unknown.position = task.told.position;
  unknown.path = task.told.path;
  unknown.named = task.told.named;
  unknown.sidecar_of = task.told.sidecar_of;
  unknown.bytes = media.bytes();
  task.told = std::move(unknown);
  return false;
}

void AssetWork::run(AssetTask& task) {
  if (stop_.stop_requested())
    return fail_with(task, Status::cancelled, cancelled(task.candidate.path));
  const auto media = worker::MediaFile::open(task.candidate.path);
  if (!media) {
    fail_with(task, worker::status_for(media.error().code), media.error());
    return take_unopened(task);
  }
  task.told.bytes = media->bytes();
  find(task, *media);
  if (task.located) look_back(task);
}

void AssetWork::take_unopened(AssetTask& task) {
  auto unopened = find_unopened(catalogs_, task.candidate.path, *task.told.error);
  if (!unopened) return;
  task.recognized.location = std::move(unopened->location);
  task.located = true;
  task.told.content_id = unopened->content_id;
  if (unopened->known) {
    task.told.number = *unopened->known;
    task.told.known = KnownBy::stat;
  } else {
    task.measured = std::move(unopened->evidence);
    task.measured->set_status(task.told.status);
  }
}

void AssetWork::find(AssetTask& task, const worker::MediaFile& media) {
  if (look_up(task, media)) return;
  if (!claims_.claim(task.recognized.content_hint, stop_))
    return fail_with(task, Status::cancelled, cancelled(task.candidate.path));
  task.claim = task.recognized.content_hint;
  // Whoever had the claim may have recorded the same bytes meanwhile.
  if (!request_.rehash && look_up(task, media)) return;
  measure(task);
}

// Other places of the content where nothing is any more. Looked for here, because a disk that does
// not answer must not keep the catalog locked.
void AssetWork::look_back(AssetTask& task) const {
  auto gone = catalogs_.with([&](dam::Catalog& catalog) -> Expected<std::vector<dam::Place>> {
    dam::AssetNumber number = task.told.number;
    if (number == 0 && task.told.content_id) {
      const auto known = dam::Known(catalog).by_content(*task.told.content_id);
      if (known && *known) number = (*known)->number;
    }
    if (number == 0) return std::vector<dam::Place>();
    return dam::places_before(catalog, number, task.recognized.location);
  });
  if (gone) task.gone = departed(*std::move(gone));
}

worker::WorkerOutcome AssetWork::attempt(AssetTask& task, const probes::MeasureRequest& request,
                                         dam::MemoryEvidence& into, Checkpoint* checkpoint) {
  TaskSink sink(into, request_,
                [&](const probes::Progress& progress) { progress_(task.told.position, progress); });
  worker::WorkerOutcome outcome =
      worker::measure(task.candidate.path, request, request_.worker, sink, stop_, checkpoint);
  if (sink.misfit())
    outcome = {Status::refused,
               Error{sink.misfit()->code,
                     fmt::format("{}: {}", readable(task.candidate.path), sink.misfit()->message)},
               outcome.isolation};
  return outcome;
}

// What could not be measured is still the file that it is: known again wherever it is moved, and
// its fixity can be checked.
void AssetWork::identify_unread(const AssetTask& task, dam::MemoryEvidence& evidence) const {
  if (stop_.stop_requested() || task.told.status == Status::refused) return;
  const auto media = worker::MediaFile::open(task.candidate.path);
  if (!media) return;
  const auto stat = dam::stat_of(media->descriptor());
  if (!stat || *stat != task.recognized.location.stat) return;
  const auto content = dam::content_id(media->descriptor());
  if (!content || !media->change().empty()) return;
  probes::AssetFacts facts = evidence.facts();
  facts.content_id = *content;
  facts.bytes = media->bytes();
  evidence.facts(facts);
}

void AssetWork::keep(AssetTask& task, std::unique_ptr<dam::MemoryEvidence> evidence,
                     const worker::WorkerOutcome& outcome) {
  task.told.status = outcome.status;
  task.told.error = outcome.error;
  // What lies beside a master need not be media.
  if (task.candidate.sidecar_of && outcome.status == Status::unreadable && outcome.error &&
      outcome.error->code == ErrorCode::unsupported)
    task.told.status = Status::not_media;
  task.isolation = outcome.isolation.level;
  evidence->seal();
  if (!evidence->facts().content_id) identify_unread(task, *evidence);
  evidence->set_status(task.told.status);
  if (evidence->facts().content_id) task.told.content_id = *evidence->facts().content_id;
  task.measured = std::move(evidence);
}

// Whether the essence has been measured in another wrapper: its beginning says which assets may
// have it, a pass without decoding whether one has.
bool AssetWork::measure_rewrap(AssetTask& task, const Budget::Share& share) {
  if (request_.measure.depth != Depth::decode || request_.rehash) return false;
  probes::MeasureRequest beginning;
  beginning.depth = Depth::header;
  beginning.essence_hints = true;
  beginning.threads = share.threads;
  beginning.memory_bytes = share.memory_bytes;
  dam::MemoryEvidence first(task.candidate.path);
  if (attempt(task, beginning, first).status != Status::measured) return false;
  std::vector<dam::KnownAsset> candidates;
  for (const probes::StreamFacts& stream : first.facts().streams) {
    if (!stream.essence_hint || !candidates.empty()) continue;
    auto found = catalogs_.with([&](dam::Catalog& catalog) {
      return dam::Known(catalog).by_essence_hint(*stream.essence_hint);
    });
    if (found) candidates = std::move(*found);
  }
  std::erase_if(candidates, [&](const dam::KnownAsset& asset) {
    return asset.depth != Depth::decode || asset.status != Status::measured || asset.pruned ||
           has_old_damage(asset);
  });
  if (candidates.empty()) return false;

  probes::MeasureRequest packets = request_.measure;
  packets.depth = Depth::packets;
  packets.rows = {probes::kPacketTimes};
  packets.threads = share.threads;
  packets.memory_bytes = share.memory_bytes;
  dam::MemoryEvidence pass(task.candidate.path);
  const worker::WorkerOutcome outcome = attempt(task, packets, pass);
  if (outcome.status != Status::measured) return false;
  for (const dam::KnownAsset& candidate : candidates) {
    auto adopted = adopt(catalogs_, task.recognized.location.path, pass, candidate.number);
    if (!adopted || !*adopted) continue;
    keep(task, std::move(*adopted), outcome);
    task.told.known = KnownBy::essence;
    task.all_there_is = true;
    return true;
  }
  return false;
}

// Whether the file is another now than when it was recognized; it is then recognized anew.
bool AssetWork::changed(AssetTask& task) const {
  const auto media = worker::MediaFile::open(task.candidate.path);
  if (!media) return false;  // gone: what was read of it stays true
  auto stat = dam::stat_of(media->descriptor());
  if (!stat || *stat == task.recognized.location.stat) return false;
  task.recognized.location.stat = std::move(*stat);
  task.told.bytes = media->bytes();
  if (auto hint = dam::content_hint(media->descriptor()))
    task.recognized.content_hint = std::move(*hint);
  return true;
}

// For what takes long: only decoding does.
std::unique_ptr<Checkpoint> AssetWork::checkpoint_for(const AssetTask& task) const {
  if (request_.measure.depth != Depth::decode) return nullptr;
  const dam::CheckpointOf what{task.recognized.location.stat, task.recognized.content_hint,
                               catalogs_.options().agent, request_.measure.rows};
  auto checkpoint = std::make_unique<Checkpoint>(
      catalogs_.path(), what, request_.checkpoint_interval, task.candidate.path, remark_);
  checkpoint->take_up();
  if (request_.rehash) checkpoint->remove();
  return checkpoint;
}

// From where an earlier ingest was ended, if one was. What it left may turn out not to be of this
// file: then from the beginning.
worker::WorkerOutcome AssetWork::go_on(AssetTask& task, const probes::MeasureRequest& request,
                                       std::unique_ptr<dam::MemoryEvidence>& evidence) {
  worker::WorkerOutcome outcome = attempt(task, request, *evidence, task.checkpoint.get());
  if (!task.checkpoint || !task.checkpoint->went_on() || outcome.status != Status::crashed)
    return outcome;
  remark_(fmt::format("{}: starts again at its beginning: it does not go on from its checkpoint.",
                      readable(task.candidate.path)));
  task.checkpoint->remove();
  evidence = std::make_unique<dam::MemoryEvidence>(task.recognized.location.path);
  return attempt(task, request, *evidence, task.checkpoint.get());
}

void AssetWork::measure_whole(AssetTask& task, const Budget::Share& share) {
  probes::MeasureRequest request = request_.measure;
  request.threads = share.threads;
  request.memory_bytes = share.memory_bytes;
  auto evidence = std::make_unique<dam::MemoryEvidence>(task.recognized.location.path);
  task.checkpoint = checkpoint_for(task);
  worker::WorkerOutcome outcome = go_on(task, request, evidence);
  if (changed(task) && !stop_.stop_requested()) {  // once more, as it is now
    if (task.checkpoint) task.checkpoint->remove();
    task.checkpoint.reset();
    evidence = std::make_unique<dam::MemoryEvidence>(task.recognized.location.path);
    outcome = attempt(task, request, *evidence);
    if (changed(task))
      outcome = {Status::refused,
                 Error{ErrorCode::refused,
                       fmt::format("{}: The file keeps changing while it is read. Ingest it again "
                                   "when it is complete.",
                                   readable(task.candidate.path))},
                 outcome.isolation};
  }
  if (task.checkpoint && outcome.status == Status::cancelled) task.checkpoint->commit();
  if (evidence->facts().decode) {
    const std::int64_t before = task.checkpoint ? task.checkpoint->frames_before() : 0;
    task.told.decoded_frames = std::max<std::int64_t>(0, evidence->facts().decode->frames - before);
  }
  task.all_there_is = request.depth == Depth::decode;
  keep(task, std::move(evidence), outcome);
}

void AssetWork::measure(AssetTask& task) {
  const Budget::Share share = budget_.take();
  task.took_share = true;
  struct Return {
    Budget& budget;
    const Budget::Share& share;
    ~Return() { budget.give_back(share); }
  } const given_back{budget_, share};
  if (!measure_rewrap(task, share)) measure_whole(task, share);
}

}  // namespace cleangate::run
