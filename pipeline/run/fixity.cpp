// SPDX-License-Identifier: Apache-2.0
#include "pipeline/run/fixity.h"

#include <fmt/format.h>
#include <oneapi/tbb/global_control.h>
#include <oneapi/tbb/parallel_for_each.h>

#include <algorithm>
#include <mutex>

#include "dam/assets.h"
#include "dam/content_id.h"
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
};

Expected<std::vector<Place>> places_of(dam::Catalog& catalog,
                                       const std::vector<dam::AssetNumber>& numbers) {
  std::vector<Place> places;
  for (const dam::AssetNumber number : numbers) {
    const auto asset = dam::load_asset(catalog, number);
    if (!asset) return tl::unexpected(asset.error());
    for (const dam::StoredLocation& seen : asset->locations) {
      if (seen.state != "present") continue;
      Place place;
      place.check.position = places.size();
      place.check.number = number;
      place.check.path = seen.location.path;
      place.check.expected = asset->content_id;
      place.volume = seen.location.stat.volume;
      places.push_back(std::move(place));
    }
  }
  return places;
}

class Verification {
 public:
  Verification(dam::Catalog catalog, FixityObserver& observer, std::stop_token stop)
      : catalog_(std::move(catalog)), observer_(observer), stop_(std::move(stop)) {}

  Expected<void> run(const std::vector<dam::AssetNumber>& numbers, int threads) {
    auto places = places_of(catalog_, numbers);
    if (!places) return tl::unexpected(places.error());
    {
      Crew<Place> recorder(1, kGroup, [this](std::span<Place> group) { record(group); });
      const tbb::global_control budget(tbb::global_control::max_allowed_parallelism,
                                       static_cast<std::size_t>(std::max(threads, 1)));
      tbb::parallel_for_each(*places, [&](Place& place) {
        if (stop_.stop_requested()) return;
        look(place.check);
        recorder.put(std::move(place));
      });
    }
    if (refused_) return tl::unexpected(*refused_);
    return {};
  }

 private:
  void look(FixityCheck& check) {
    const auto media = worker::MediaFile::open(check.path);
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
      check.because = "The catalog has no digest of it: ingest it again.";
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
    for (const Place& place : group) happened.push_back(event_of(place));
    if (auto done = dam::Recorder(catalog_).events(happened); !done) {
      refused_ = done.error();
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
    if (check.outcome == FixityOutcome::missing) {
      happened.missing.emplace();
      happened.missing->path = check.path;
      happened.missing->stat.volume = place.volume;
    }
    return happened;
  }

  dam::Catalog catalog_;
  FixityObserver& observer_;
  const std::stop_token stop_;
  std::mutex telling_;
  std::optional<Error> refused_;
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
