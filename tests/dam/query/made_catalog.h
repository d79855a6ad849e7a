// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "dam/catalog.h"
#include "dam/fields.h"
#include "dam/sqlite.h"
#include "dam/words.h"
#include "tests/dam/temporary_folder.h"

namespace cleangate::test {

struct MadeJudgement {
  std::string spec, verdict;
  std::vector<std::string> failing = {};  // requirements
  enum class Age { latest, older } age = Age::latest;
};

struct MadeAsset {
  std::string path;
  std::vector<dam::FieldValue> fields = {};
  std::vector<std::string> tags = {}, notes = {}, cues = {};
  std::vector<MadeJudgement> judgements = {};
  std::string status = "measured", kind = "video";
  std::string measured_at = "2026-03-01T10:00:00.000Z";
};

inline dam::FieldValue number(const std::string& name, const std::string& unit,
                              const std::string& exact, int part = -1) {
  return {name, unit, "number", exact, Rational::parse(exact)->to_double(), part};
}
inline dam::FieldValue text(const std::string& name, const std::string& value, int part = -1) {
  return {name, "", "text", value, std::nullopt, part};
}
inline dam::FieldValue flag(const std::string& name, const char* value) {
  return {name, "", "flag", value, *value == 't' ? 1.0 : 0.0, -1};
}
inline dam::FieldValue timecode(const std::string& label) {
  return {"timecode.start", "", "timecode", label, std::nullopt, -1};
}

// Rows written straight into the tables, so that a test of searching says exactly what is there.
class MadeCatalog {
 public:
  MadeCatalog() : catalog(*dam::Catalog::open(folder_ / "catalog.db")) {}

  dam::AssetNumber add(const MadeAsset& made) { return add(std::vector{made}); }
  // The number of the last one.
  dam::AssetNumber add(const std::vector<MadeAsset>& all) {
    dam::AssetNumber number = 0;
    const auto done = catalog.write([&](dam::Database& database) {
      for (const MadeAsset& made : all) number = write(database, made);
    });
    EXPECT_TRUE(done) << done.error().message;
    return number;
  }
  void run(const std::string& sql) {
    const auto done = catalog.write([&](dam::Database& database) { database.execute(sql); });
    EXPECT_TRUE(done) << done.error().message;
  }
  [[nodiscard]] std::string path() const { return folder_ / "catalog.db"; }

 private:
  TemporaryFolder folder_;

 public:
  dam::Catalog catalog;

 private:
  static dam::AssetNumber write(dam::Database& database, const MadeAsset& made) {
    database.run(
        "INSERT INTO asset(content_id, bytes, kind, status, depth, container, first_seen, "
        "measured_at) VALUES (randomblob(32), 1000, ?1, ?2, 'decode', 'mov', ?3, ?3)",
        made.kind, made.status, made.measured_at);
    const dam::AssetNumber asset = database.last_row();
    database.run(
        "INSERT INTO location(asset, volume, path, path_text, device, inode, bytes, mtime_ns, "
        "ctime_ns, first_seen, last_seen, state) VALUES (?1, 'v', ?2, ?3, 1, ?1, 1000, 1, 1, 'a', "
        "'a', 'present')",
        asset, std::as_bytes(std::span(made.path)), made.path);
    dam::index_words(database, dam::Words::location, database.last_row(), made.path);
    for (const dam::FieldValue& field : made.fields) write(database, asset, field);
    for (const std::string& tag : made.tags) {
      database.run("INSERT INTO tag(asset, name, by, time) VALUES (?1, ?2, 'a', 'a')", asset, tag);
      dam::index_words(database, dam::Words::tag, database.last_row(), tag);
    }
    for (const std::string& note : made.notes) {
      database.run("INSERT INTO note(asset, text, by, time) VALUES (?1, ?2, 'a', 'a')", asset,
                   note);
      dam::index_words(database, dam::Words::note, database.last_row(), note);
    }
    for (const std::string& cue : made.cues) {
      database.run(
          "INSERT INTO cue(asset, service, start_s, end_s, text) VALUES (?1, 'CC1', '0/1', '1/1', "
          "?2)",
          asset, cue);
      dam::index_words(database, dam::Words::cue, dam::words_row(asset, database.last_row()), cue);
    }
    for (const MadeJudgement& judgement : made.judgements) write(database, asset, judgement);
    return asset;
  }

  static void write(dam::Database& database, dam::AssetNumber asset, const dam::FieldValue& field) {
    database.run("INSERT OR IGNORE INTO field_name(name, unit, kind) VALUES (?1, ?2, ?3)",
                 field.name, field.unit, field.kind);
    database.run(
        "INSERT INTO field(name, text, asset, part, number) VALUES ((SELECT id FROM field_name "
        "WHERE name = ?1), ?2, ?3, ?4, ?5)",
        field.name, field.text, asset, field.part, field.number);
  }

  static void write(dam::Database& database, dam::AssetNumber asset,
                    const MadeJudgement& judgement) {
    const bool is_latest = judgement.age == MadeJudgement::Age::latest;
    database.run(
        "INSERT INTO judgement(asset, spec, spec_title, edition, revision, profile_digest, "
        "order_data, verdict, passed, failed, warned, not_applicable, inconclusive, manual, "
        "waived, outcome_digest, evidence, quiet_findings, program, time, confirmed, latest) "
        "VALUES "
        "(?1, ?2, '', '', 1, '', '{}', ?3, 0, 0, 0, 0, 0, 0, 0, x'', x'', x'', '', 'a', 'a', ?4)",
        asset, judgement.spec, judgement.verdict, is_latest ? 1 : 0);
    const std::int64_t id = database.last_row();
    int position = 0;
    for (const std::string& requirement : judgement.failing) {
      const std::string message = "The " + requirement + " is wrong.";
      database.run(
          "INSERT INTO finding(judgement, position, finding_id, requirement, quantity, outcome, "
          "severity, spans, spans_total, measured, expected, source, message, basis) VALUES (?1, "
          "?2, ?3, ?4, '', 'fail', 'reject', '[]', 0, '{}', '{}', '{}', ?5, 'basis')",
          id, position++, fmt::format("{}-{}-{}", asset, judgement.spec, requirement), requirement,
          message);
      if (is_latest)
        dam::index_words(database, dam::Words::finding, dam::words_row(asset, database.last_row()),
                         message);
    }
  }
};

}  // namespace cleangate::test
