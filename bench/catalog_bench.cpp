// SPDX-License-Identifier: Apache-2.0
// How fast a large catalog answers.
//   catalog_bench make FILE [ASSETS]: writes a catalog of made assets (200,000), straight into its
//   tables catalog_bench find FILE [ROUNDS]: opens it and asks the mix below; wall and CPU
//   milliseconds
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <random>
#include <string>
#include <vector>

#include "dam/catalog.h"
#include "dam/query/find.h"
#include "dam/sqlite.h"
#include "dam/words.h"

namespace cleangate::dam {
namespace {

constexpr int kCaptioned = 100;  // one asset in so many has captions,
constexpr int kCues = 500;       // so many cues each
constexpr int kBatch = 2000;     // assets a transaction

struct Choice {
  const char* text;
  double number;
};

// Values that real libraries have, with their weights by repetition.
const std::vector<Choice> kRates{
    {"25/1", 25}, {"25/1", 25}, {"24000/1001", 24000.0 / 1001}, {"30000/1001", 30000.0 / 1001},
    {"24/1", 24}, {"50/1", 50}};
const std::vector<Choice> kVideo{{"prores", 0},     {"prores", 0}, {"h264", 0},     {"hevc", 0},
                                 {"mpeg2video", 0}, {"dnxhd", 0},  {"jpeg2000", 0}, {"ffv1", 0}};
const std::vector<Choice> kAudio{{"pcm_s24le", 0}, {"pcm_s16le", 0}, {"aac", 0}, {"ac3", 0}};
const std::vector<Choice> kLayouts{{"2.0", 0}, {"5.1", 0}, {"1.0", 0}};
const std::vector<Choice> kSizes{
    {"1920x1080", 0}, {"3840x2160", 0}, {"720x576", 0}, {"2048x1080", 0}};
const char* const kWords[] = {"night",   "river",   "master", "trailer", "graded",
                              "final",   "reel",    "texted", "stereo",  "interview",
                              "archive", "episode", "promo",  "sky",     "bridge",
                              "winter",  "garden",  "letter", "train",   "ocean"};
const char* const kSpecs[] = {"ebu-r128", "broadcast-hd"};

class Maker {
 public:
  Maker(Database& database, std::mt19937& random) : database_(database), random_(random) {}

  void asset(std::int64_t number) {
    database_.run(
        "INSERT INTO asset(content_id, bytes, kind, status, depth, container, first_seen, "
        "measured_at) VALUES (randomblob(32), ?1, 'video', ?2, 'decode', 'mov', ?3, ?3)",
        static_cast<std::int64_t>(1'000'000'000 + random_() % 1'000'000'000),
        number % 50 == 0 ? "partial" : "measured",
        fmt::format("20{:02}-{:02}-{:02}T10:00:00.000Z", 10 + number * 16 / 200'001,
                    1 + random_() % 12, 1 + random_() % 28));
    asset_ = database_.last_row();
    location();
    fields();
    annotations();
    if (number % kCaptioned == 0) captions();
    for (const char* spec : kSpecs) judgement(spec);
  }

 private:
  const char* word() { return kWords[random_() % std::size(kWords)]; }
  const Choice& one_of(const std::vector<Choice>& choices) {
    return choices[random_() % choices.size()];
  }

  void location() {
    const std::string path = fmt::format("/volumes/{}/{}/{}_{}_{:06}.mov", random_() % 20,
                                         random_() % 500, word(), word(), asset_);
    database_.run(
        "INSERT INTO location(asset, volume, path, path_text, device, inode, bytes, mtime_ns, "
        "ctime_ns, first_seen, last_seen, state) VALUES (?1, 'v', ?2, ?3, 1, ?1, 1, 1, 1, 'a', "
        "'a', "
        "'present')",
        asset_, std::as_bytes(std::span(path)), path);
    index_words(database_, Words::location, database_.last_row(), path);
  }

  std::int64_t name_of(const std::string& name, const char* unit, const char* kind) {
    database_.run("INSERT OR IGNORE INTO field_name(name, unit, kind) VALUES (?1, ?2, ?3)", name,
                  unit, kind);
    const Query query = database_.query("SELECT id FROM field_name WHERE name = ?1", name);
    return query->step() ? query->integer(0) : 0;
  }
  void put(const std::string& name, const char* unit, const char* kind, int part,
           const std::string& text, std::optional<double> number) {
    database_.run("INSERT INTO field(name, text, asset, part, number) VALUES (?1, ?2, ?3, ?4, ?5)",
                  name_of(name, unit, kind), text, asset_, part, number);
  }
  void text(const char* name, int part, const Choice& choice) {
    put(name, "", "text", part, choice.text, std::nullopt);
  }
  void micro(const std::string& name, const char* unit, int part, double low, double high) {
    const auto value =
        static_cast<std::int64_t>(std::uniform_real_distribution<double>(low, high)(random_) * 1e6);
    put(name, unit, "number", part, fmt::format("{}/1000000", value),
        static_cast<double>(value) / 1e6);
  }
  void whole(const char* name, const char* unit, int part, std::int64_t value) {
    put(name, unit, "number", part, fmt::format("{}/1", value), static_cast<double>(value));
  }

  // About as many as a feature with one picture and two soundfields has.
  void fields() {
    text("video.codec", 0, one_of(kVideo));
    text("video.resolution", 0, one_of(kSizes));
    const Choice& rate = one_of(kRates);
    put("video.frame_rate", "fps", "number", 0, rate.text, rate.number);
    whole("video.bit_depth", "bit", 0, random_() % 2 ? 8 : 10);
    whole("video.bit_rate", "b/s", 0, 10'000'000 + random_() % 200'000'000);
    whole("video.frame_count", "count", 0, 1000 + random_() % 200'000);
    whole("file.bytes", "B", -1, 1'000'000'000 + random_() % 1'000'000'000);
    micro("file.duration", "s", -1, 10, 9000);
    for (const char* name : {"video.chroma", "video.scan", "video.color_primaries",
                             "video.color_transfer", "video.color_matrix", "video.color_range",
                             "video.profile", "container.format", "container.brand"})
      text(name, 0, one_of(kSizes));
    for (const char* name : {"picture.luma_min", "picture.luma_p1", "picture.luma_p50",
                             "picture.luma_p99", "picture.luma_max", "picture.active_height",
                             "picture.active_width", "picture.black.count"})
      whole(name, "code", 0, random_() % 1024);
    for (int stream = 1; stream <= 2; ++stream) {
      text("audio.codec", stream, one_of(kAudio));
      whole("audio.channels", "count", stream, stream == 1 ? 6 : 2);
      whole("audio.sample_rate", "Hz", stream, 48000);
      whole("audio.bit_depth", "bit", stream, 24);
    }
    for (int field = 0; field < 2; ++field) {
      text("soundfield.layout", field, one_of(kLayouts));
      for (const char* name : {"loudness.integrated", "loudness.true_peak", "loudness.range",
                               "loudness.momentary_max", "loudness.short_term_max"})
        micro(name, "LUFS", field, -30, -15);
    }
  }

  void annotations() {
    if (random_() % 2) {
      const std::string tag = fmt::format("{}-{}", word(), random_() % 20);
      database_.run("INSERT INTO tag(asset, name, by, time) VALUES (?1, ?2, 'a', 'a')", asset_,
                    tag);
      index_words(database_, Words::tag, database_.last_row(), tag);
    }
    if (random_() % 10 == 0) {
      const std::string note =
          fmt::format("The {} by the {} needs another {}.", word(), word(), word());
      database_.run("INSERT INTO note(asset, text, by, time) VALUES (?1, ?2, 'a', 'a')", asset_,
                    note);
      index_words(database_, Words::note, database_.last_row(), note);
    }
  }

  void captions() {
    for (int cue = 0; cue < kCues; ++cue) {
      const std::string line = fmt::format("We saw the {} and the {} in the {} of {}.", word(),
                                           word(), word(), random_() % 3000);
      database_.run(
          "INSERT INTO cue(asset, service, start_s, end_s, text) VALUES (?1, 'CC1', '0/1', '1/1', "
          "?2)",
          asset_, line);
      index_words(database_, Words::cue, words_row(asset_, database_.last_row()), line);
    }
  }

  void judgement(const char* spec) {
    const auto dice = random_() % 10;
    database_.run(
        "INSERT INTO judgement(asset, spec, spec_title, edition, revision, profile_digest, "
        "order_data, verdict, passed, failed, warned, not_applicable, inconclusive, manual, "
        "waived, "
        "outcome_digest, evidence, quiet_findings, program, time, confirmed, latest) VALUES (?1, "
        "?2, "
        "'A specification', '1', 1, '', '{}', ?3, 20, 1, 1, 5, 0, 3, 0, zeroblob(32), "
        "zeroblob(32), "
        "zeroblob(2000), 'bench', 'a', 'a', 1)",
        asset_, spec,
        dice < 6   ? "pass"
        : dice < 9 ? "fail"
                   : "inconclusive");
    const std::int64_t judgement = database_.last_row();
    for (int position = 0; position < (dice < 6 ? 1 : 3); ++position)
      finding(judgement, spec, position);
  }

  void finding(std::int64_t judgement, const char* spec, int position) {
    const char* const kRules[] = {"programme-loudness", "true-peak", "frame-rate", "black"};
    const char* rule = kRules[random_() % 4];
    const std::string message = fmt::format("The {} of soundfield 1 (5.1, en) is -{}.{} LUFS.",
                                            rule, 18 + random_() % 9, random_() % 10);
    database_.run(
        "INSERT INTO finding(judgement, position, finding_id, requirement, quantity, outcome, "
        "severity, spans, spans_total, measured, expected, source, message, basis) VALUES (?1, ?2, "
        "?3, ?4, 'loudness.integrated', 'fail', 'reject', ?5, 1, ?6, ?6, ?6, ?7, 'basis')",
        judgement, position, fmt::format("{}-{}-{}", asset_, spec, position), rule,
        std::string(300, ' '), std::string(150, ' '), message);
    index_words(database_, Words::finding, words_row(asset_, database_.last_row()), message);
  }

  Database& database_;
  std::mt19937& random_;
  std::int64_t asset_ = 0;
};

template <class T>
T need(Expected<T> expected) {
  if (!expected) {
    fmt::print(stderr, "catalog_bench: {}\n", expected.error().message);
    std::exit(1);
  }
  if constexpr (!std::is_void_v<T>) return std::move(*expected);
}

void make(const std::string& path, std::int64_t assets) {
  Catalog catalog = need(Catalog::open(path));
  std::mt19937 random(1);
  for (std::int64_t first = 0; first < assets; first += kBatch) {
    need(catalog.write([&](Database& database) {
      Maker maker(database, random);
      for (std::int64_t i = first; i < std::min(first + kBatch, assets); ++i) maker.asset(i);
    }));
    fmt::print(stderr, "\r{} assets", first + kBatch);
  }
  fmt::print(stderr, "\n");
}

// What people ask, with facets each time.
const std::vector<FindRequest> kMix = [] {
  std::vector<FindRequest> mix;
  const std::vector<std::string> facets{"video.codec", "verdict"};
  for (const char* query : {"",
                            "night",
                            "night river",
                            "\"night river\"",
                            "ocea*",
                            "cue:winter",
                            "loudness",
                            "master tag:*",
                            "codec:prores",
                            "codec:prores frame_rate:25",
                            "frame_rate:29.97",
                            "loudness.integrated:-24..-22",
                            "duration:1h..",
                            "duration:..30s",
                            "ebu-r128:fail",
                            "spec:ebu-r128 verdict:fail codec:h264",
                            "-verdict:fail",
                            "path:/volumes/7",
                            "path:*/7/*river*",
                            "tag:night-7",
                            "status:partial",
                            "added:2019",
                            "requirement:true-peak",
                            "codec:pcm* and not (codec:prores or codec:h264)",
                            "number:150000"})
    mix.push_back({.query = query, .facets = facets});
  mix.push_back({.query = "codec:prores", .sort = "-duration", .facets = facets});
  mix.push_back({.query = "", .sort = "path", .facets = facets});
  mix.push_back(
      {.query = "verdict:fail", .sort = "loudness", .facets = {"ebu-r128", "frame_rate", "tag"}});
  for (FindRequest& request : mix)
    request.fields = {"file.duration", "video.codec", "video.resolution", "video.frame_rate"};
  return mix;
}();

double wall() {
  return std::chrono::duration<double, std::milli>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

double cpu() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

double percentile(std::vector<double> times, double share) {
  std::sort(times.begin(), times.end());
  return times[static_cast<std::size_t>(share * static_cast<double>(times.size() - 1))];
}

void ask(const std::string& path, int rounds) {
  std::vector<double> walls, cpus, opens;
  for (int round = 0; round < rounds; ++round)
    for (const FindRequest& request : kMix) {
      const double opening = wall();
      CatalogOptions options;
      options.access = Access::read;
      Catalog catalog = need(Catalog::open(path, options));
      const double from = wall(), from_cpu = cpu();
      const Found found = need(find(catalog, request));
      opens.push_back(from - opening);
      walls.push_back(wall() - from);
      cpus.push_back(cpu() - from_cpu);
      if (round == 0)
        fmt::print("{:8.1f} ms {:8.1f} ms CPU  {:>7} assets  {}{}\n", walls.back(), cpus.back(),
                   found.total, request.query.empty() ? "(everything)" : request.query,
                   request.sort == "-number" ? "" : "  sorted by " + request.sort);
    }
  fmt::print(
      "find: p50 {:.1f} ms, p95 {:.1f} ms, worst {:.1f} ms; CPU p50 {:.1f} ms, p95 {:.1f} ms\n",
      percentile(walls, 0.5), percentile(walls, 0.95), percentile(walls, 1), percentile(cpus, 0.5),
      percentile(cpus, 0.95));
  fmt::print("open: p50 {:.1f} ms, p95 {:.1f} ms\n", percentile(opens, 0.5),
             percentile(opens, 0.95));
}

}  // namespace
}  // namespace cleangate::dam

int main(int argc, char** argv) {
  const std::string what = argc > 2 ? argv[1] : "";
  const std::int64_t count = argc > 3 ? std::atoll(argv[3]) : 0;
  if (what == "make")
    cleangate::dam::make(argv[2], count > 0 ? count : 200'000);
  else if (what == "find")
    cleangate::dam::ask(argv[2], count > 0 ? static_cast<int>(count) : 3);
  else
    return fmt::print(stderr, "catalog_bench make FILE [ASSETS] | find FILE [ROUNDS]\n"), 2;
  return 0;
}
