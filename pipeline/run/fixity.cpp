// SPDX-License-Identifier: Apache-2.0
#include "pipeline/run/fixity.h"

#include <fmt/format.h>
#include <oneapi/tbb/global_control.h>
#include <oneapi/tbb/parallel_for_each.h>

#include <algorithm>
#include <atomic>
#include <mutex>

#include "dam/assets.h"
#include "dam/content_id.h"
#include "dam/files.h"
#include "dam/recorder.h"
#include "pipeline/run/catalogs.h"
#include "pipeline/run/crew.h"
#include "pipeline/worker/media_file.h"

namespace cleangate::run {
namespace {

constexpr std::size_t kGroup = 64;

struct Place {
  FixityCheck check;
  std::string volume;
  bool was_missing = false, taken = false;
};

Expected<std::vector<Place>> places(dam::Catalog& catalog,
                                    const std::vector<dam::AssetNumber>& numbers) {
  const auto seen = dam::places_of(catalog, numbers);
  if (!seen) return tl::unexpected(seen.error());
  std::vector<Place> places;
  for (const dam::SeenPlace& one : *seen) {
    Place place;
    place.check.position = places.size();
    place.check.number = one.asset;
    place.check.path = one.path;
    place.check.expected = one.content_id;
    place.volume = one.volume;
    place.was_missing = one.missing;
    place.taken = one.taken;
    places.push_back(std::move(place));
  }
  return places;
}

class Verification {
 public:
  Verification(dam::Catalog catalog, FixityObserver& observer, std::stop_token stop)
      : catalog_(std::move(catalog)), observer_(observer), stop_(std::move(stop)) {}

  Expected<void> run(const std::vector<dam::AssetNumber>& numbers, int threads) {
    auto all = places(catalog_, numbers);
    if (!all) return tl::unexpected(all.error());
    {
      Crew<Place> recorder(1, kGroup, [this](std::span<Place> group) { record(group); });
      const tbb::global_control budget(tbb::global_control::max_allowed_parallelism,
                                       static_cast<std::size_t>(std::max(threads, 1)));
      tbb::parallel_for_each(*all, [&](Place& place) {
        if (stop_.stop_requested() || failed_) return;
        look(place);
        recorder.put(std::move(place));
      });
    }
    if (refused_) return tl::unexpected(*refused_);
    return {};
  }

 private:
  void look(Place& place) {
    FixityCheck& check = place.check;
    if (place.taken) {
      check.outcome = FixityOutcome::missing;
      check.because = "Other content lies there now, and no other place of it is known.";
      return;
    }
    const auto media = worker::MediaFile::open(check.path);
    if (!media && media.error().code == ErrorCode::empty_file && check.expected) {
      check.found = dam::sha256_of(std::string_view());
      compare(check);
      if (check.outcome == FixityOutcome::mismatch) check.because = "The file is empty now.";
      return;
    }
    if (!media) {
      check.outcome = media.error().code == ErrorCode::not_found ? FixityOutcome::missing
                                                                 : FixityOutcome::unreadable;
      check.because = media.error().message;
      return;
    }
    check.bytes = media->bytes();
    {
      const std::scoped_lock lock(telling_);
      observer_.begun(check.position, check.path, check.bytes);
    }
    const auto found = dam::content_id(media->descriptor());
    if (!found) {
      check.outcome = FixityOutcome::unreadable;
      check.because = found.error().message;
    } else if (const std::string change = media->change(); !change.empty()) {
      check.outcome = FixityOutcome::unreadable;
      check.because = fmt::format("The file changed while it was read: {}.", change);
    } else {
      check.found = *found;
      compare(check);
    }
  }

  static void compare(FixityCheck& check) {
    if (!check.expected) {
      check.because =
          "Its bytes were never read to the end, so that there is no digest to compare with; "
          "ingest it again.";
      return;
    }
    check.outcome =
        *check.found == *check.expected ? FixityOutcome::intact : FixityOutcome::mismatch;
    if (check.outcome == FixityOutcome::mismatch)
      check.because = fmt::format("Its bytes are {}, and were {} when it was measured.",
                                  to_content_id(*check.found), to_content_id(*check.expected));
  }

  void record(std::span<Place> group) {
    if (refused_) return;
    std::vector<dam::Recorder::Happened> happened;
    for (const Place& place : group)  // where there was nothing to compare with, none was checked
      if (place.check.outcome != FixityOutcome::unknown) happened.push_back(event_of(place));
    if (auto done = dam::Recorder(catalog_).events(happened); !done) {
      refused_ = done.error();
      failed_ = true;
      return;
    }
    const std::scoped_lock lock(telling_);
    for (const Place& place : group) observer_.finished(place.check);
  }

  static dam::Recorder::Happened event_of(const Place& place) {
    const FixityCheck& check = place.check;
    dam::Recorder::Happened happened;
    happened.asset = check.number;
    happened.event = {"fixity check",
                      check.outcome == FixityOutcome::intact ? "success" : "failure",
                      fmt::format("{}{}{}", to_string(check.outcome),
                                  check.because.empty() ? "" : ": ", check.because),
                      check.path};
    using Moved = dam::Recorder::Happened::Place;
    happened.volume = place.volume;
    happened.path = check.path;
    if (check.outcome == FixityOutcome::missing) happened.place = Moved::missing;
    if (check.outcome == FixityOutcome::mismatch) happened.place = Moved::distrusted;
    if (check.outcome == FixityOutcome::intact && place.was_missing) happened.place = Moved::found;
    return happened;
  }

  dam::Catalog catalog_;
  FixityObserver& observer_;
  const std::stop_token stop_;
  std::mutex telling_;
  std::optional<Error> refused_;
  std::atomic<bool> failed_ = false;  // refused_ is set
};

}  // namespace

std::string_view to_string(FixityOutcome outcome) {
  constexpr std::string_view kWords[] = {"intact", "mismatch", "missing", "unreadable", "unknown"};
  return kWords[static_cast<std::size_t>(outcome)];
}

Expected<void> verify(const std::string& catalog, const dam::CatalogOptions& options,
                      const std::vector<dam::AssetNumber>& numbers, int threads,
                      FixityObserver& observer, std::stop_token stop) {
  auto opened = dam::Catalog::open(catalog, options);
  if (!opened) return tl::unexpected(opened.error());
  return Verification(std::move(*opened), observer, std::move(stop)).run(numbers, threads);
}

}  // namespace cleangate::run
