// SPDX-License-Identifier: Apache-2.0
#include "pipeline/run/recognize.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/text.h"
#include "dam/content_id.h"
#include "dam/files.h"
#include "probes/facts_version.h"

namespace cleangate::run {
namespace {

Error about(const std::string& path, const Error& error) {
  return {error.code, fmt::format("{}: {}", readable(path), error.message)};
}

// Which of the assets with the same beginning and end it is, if any.
Expected<std::optional<dam::KnownAsset>> by_bytes(dam::Known& known, int descriptor,
                                                  const std::vector<std::byte>& hint) {
  const auto candidates = known.by_content_hint(hint);
  if (!candidates) return tl::unexpected(candidates.error());
  const bool any = std::any_of(candidates->begin(), candidates->end(),
                               [](const auto& one) { return one.content_id.has_value(); });
  if (!any) return std::nullopt;
  const auto content = dam::content_id(descriptor);
  if (!content) return tl::unexpected(content.error());
  return known.by_content(*content);
}

Expected<void> look_up(dam::Catalog& catalog, const worker::MediaFile& media,
                       const IngestRequest& request, Recognized& found) {
  dam::Known known(catalog);
  auto here = known.by_stat(found.location.stat);
  if (!here) return tl::unexpected(here.error());
  if (*here && suffices(**here, request)) {
    found.known = KnownBy::stat;
    found.asset = std::move(*here);
    return {};
  }
  auto hint = dam::content_hint(media.descriptor());
  if (!hint) return tl::unexpected(hint.error());
  found.content_hint = std::move(*hint);
  auto same = by_bytes(known, media.descriptor(), found.content_hint);
  if (!same) return tl::unexpected(same.error());
  if (*same && suffices(**same, request)) {
    found.known = KnownBy::content;
    found.asset = std::move(*same);
  }
  return {};
}

}  // namespace

bool suffices(const dam::KnownAsset& asset, const IngestRequest& request) {
  if (asset.facts_version < probes::kFactsToldAnewBefore) return false;
  if (asset.status == probes::Status::not_media) return asset.content_id.has_value();
  if (asset.status == probes::Status::partial && asset.depth <= request.measure.depth &&
      asset.facts_version < probes::kDamageSeenAnewBefore)
    return false;
  const bool told =
      asset.status == probes::Status::measured || asset.status == probes::Status::partial;
  const bool asks_for_none = request.rows_asked && request.rows_asked->empty();
  return told && asset.depth >= request.measure.depth && (!asset.pruned || asks_for_none);
}

bool is_old_damage(int facts_version, const probes::AssetFacts& facts) {
  if (facts_version >= probes::kDamageSeenAnewBefore) return false;
  const bool decoding =
      facts.decode && (facts.decode->errors_total > 0 || facts.decode->damaged_frames > 0);
  return decoding || !facts.container_damage.empty();
}

Expected<Recognized> recognize(Catalogs& catalogs, const std::string& path,
                               const worker::MediaFile& media, const IngestRequest& request) {
  Recognized found;
  found.location.path = dam::absolute_place(path);
  auto stat = dam::stat_of(media.descriptor());
  if (!stat) return tl::unexpected(about(path, stat.error()));
  found.location.stat = std::move(*stat);
  if (request.rehash) {
    auto hint = dam::content_hint(media.descriptor());
    if (!hint) return tl::unexpected(about(path, hint.error()));
    found.content_hint = std::move(*hint);
    return found;
  }
  const auto looked =
      catalogs.with([&](dam::Catalog& catalog) { return look_up(catalog, media, request, found); });
  if (!looked) return tl::unexpected(looked.error());
  return found;
}

std::string_view to_string(KnownBy known) {
  constexpr std::string_view kWords[] = {"no", "stat", "content", "essence"};
  return kWords[static_cast<std::size_t>(known)];
}

}  // namespace cleangate::run
