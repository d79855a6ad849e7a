// SPDX-License-Identifier: Apache-2.0
#include "pipeline/run/rejudge.h"

#include <oneapi/tbb/global_control.h>
#include <oneapi/tbb/parallel_for.h>

#include <algorithm>
#include <exception>
#include <mutex>
#include <utility>

#include "dam/recorder.h"
#include "dam/waivers.h"
#include "pipeline/run/catalogs.h"
#include "pipeline/run/crew.h"
#include "pipeline/run/renamed_evidence.h"

namespace cleangate::run {
namespace {

constexpr std::size_t kGroup = 256;  // assets in one transaction at most

using Piece = std::shared_ptr<Rejudged>;

class Rejudgement {
 public:
  Rejudgement(const std::string& path, const dam::CatalogOptions& options, dam::Catalog catalog,
              const RejudgeRequest& request, const std::function<void(const Rejudged&)>& finished)
      : request_(request),
        finished_(finished),
        catalog_(std::move(catalog)),
        catalogs_(path, options),
        recorder_(1, kGroup, [this](std::span<Piece> group) { record(group); }) {}

  Expected<void> run(const std::stop_token& stop) {
    const tbb::global_control budget(tbb::global_control::max_allowed_parallelism,
                                     static_cast<std::size_t>(std::max(request_.threads, 1)));
    tbb::parallel_for(std::size_t{0}, request_.numbers.size(), [&](std::size_t position) {
      if (!stop.stop_requested()) recorder_.put(judge(position));
    });
    recorder_.finish();
    if (refused_) return tl::unexpected(*refused_);
    return {};
  }

 private:
  [[nodiscard]] Piece judge(std::size_t position) {
    auto piece = std::make_shared<Rejudged>();
    piece->position = position;
    piece->number = request_.numbers[position];
    try {
      if (auto judged = judge(*piece); !judged) piece->error = judged.error();
    } catch (const std::exception& error) {
      piece->judgements.clear();
      piece->error = Error{ErrorCode::internal, error.what()};
    }
    return piece;
  }

  Expected<void> judge(Rejudged& piece) {
    auto evidence = catalogs_.with(
        [&](dam::Catalog& catalog) { return dam::StoredEvidence::load(catalog, piece.number); });
    if (!evidence) return tl::unexpected(evidence.error());
    piece.evidence = std::move(*evidence);
    if (!can_be_judged(*piece.evidence)) return {};
    for (const specs::Profile& profile : request_.profiles)
      for (const specs::Verdict& verdict : verdicts(*piece.evidence, profile)) {
        auto judged = catalogs_.with([&](dam::Catalog& catalog) {
          return dam::just_judged(catalog, piece.number, verdict, piece.evidence->status());
        });
        if (!judged) return tl::unexpected(judged.error());
        piece.judgements.push_back(std::move(*judged));
      }
    return request_.compare ? look_back(piece) : Expected<void>();
  }

  // By every name it lies under, where a rule is about the name.
  [[nodiscard]] std::vector<specs::Verdict> verdicts(const dam::StoredEvidence& evidence,
                                                     const specs::Profile& profile) const {
    std::vector<specs::Verdict> reached{specs::judge(evidence, profile, request_.order)};
    if (!reached.front().name) return reached;
    for (std::size_t i = 1; i < evidence.paths().size(); ++i)
      reached.push_back(
          specs::judge(RenamedEvidence(evidence, evidence.paths()[i]), profile, request_.order));
    return reached;
  }

  Expected<void> look_back(Rejudged& piece) {
    for (const specs::Profile& profile : request_.profiles) {
      auto last = catalogs_.with([&](dam::Catalog& catalog) {
        return dam::load_judgements(catalog, piece.number, profile.id, true);
      });
      if (!last) return tl::unexpected(last.error());
      for (dam::StoredJudgement& one : *last) {
        auto then = catalogs_.with([&](dam::Catalog& catalog) {
          return dam::as_confirmed(catalog, piece.number, std::move(one));
        });
        if (!then) return tl::unexpected(then.error());
        piece.last.push_back(std::move(*then));
      }
    }
    return {};
  }

  void record(std::span<Piece> group) {
    std::vector<dam::Recorder::Judged> judged;
    for (const Piece& piece : group)
      for (const dam::StoredJudgement& one : piece->judgements)
        judged.push_back({piece->number,
                          piece->evidence->digest(),
                          {one.verdict, request_.order},
                          piece->evidence.get()});
    if (!judged.empty() && !refused_)
      if (auto done = dam::Recorder(catalog_).judged(judged); !done) refused_ = done.error();
    if (refused_) return;  // nothing is told that is not on disk
    for (const Piece& piece : group) finished_(*piece);
  }

  const RejudgeRequest& request_;
  const std::function<void(const Rejudged&)>& finished_;
  dam::Catalog catalog_;  // the recorder's own
  Catalogs catalogs_;
  std::optional<Error> refused_;
  Crew<Piece> recorder_;  // last: its thread uses all the others
};

}  // namespace

bool can_be_judged(const specs::Evidence& evidence) {
  return !evidence.facts().streams.empty() && (evidence.status() == probes::Status::measured ||
                                               evidence.status() == probes::Status::partial);
}

Expected<void> rejudge(const std::string& catalog, const dam::CatalogOptions& options,
                       const RejudgeRequest& request,
                       const std::function<void(const Rejudged&)>& finished,
                       const std::stop_token& stop) {
  auto opened = dam::Catalog::open(catalog, options);
  if (!opened) return tl::unexpected(opened.error());
  return Rejudgement(catalog, options, std::move(*opened), request, finished).run(stop);
}

}  // namespace cleangate::run
