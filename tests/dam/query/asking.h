// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "dam/query/find.h"
#include "tests/dam/query/made_catalog.h"

namespace cleangate::dam {

using Numbers = std::vector<AssetNumber>;

// Five assets that differ in everything that can be asked for.
class Asking : public ::testing::Test {
 protected:
  Asking() {
    made_.add({.path = "/volumes/a/Night_Shoot_S01E01.mov",
               .fields = {test::text("video.codec", "prores", 0),
                          test::text("audio.codec", "pcm_s24le", 1),
                          test::number("video.frame_rate", "fps", "25/1", 0),
                          test::number("file.duration", "s", "3600/1"),
                          test::number("video.bit_depth", "bit", "10/1", 0),
                          test::number("video.bit_rate", "b/s", "176000000/1", 0),
                          test::number("loudness.integrated", "LUFS", "-23/1", 0),
                          test::number("loudness.integrated", "LUFS", "-18/1", 1),
                          test::number("video.display_aspect", "ratio", "16/9", 0),
                          test::flag("video.intra_only", "true"), test::timecode("01:00:00:00")},
               .tags = {"Master", "needs review"},
               .notes = {"Grain in the sky, but the director likes it."},
               .judgements = {{"ebu-r128", "pass"}, {"strict-spec", "fail", {"frame-rate"}}}});
    made_.add(
        {.path = "/volumes/a/sub/day.mov",
         .fields = {test::text("video.codec", "h264", 0), test::text("audio.codec", "aac", 1),
                    test::number("video.frame_rate", "fps", "30000/1001", 0),
                    test::number("file.duration", "s", "30/1"),
                    test::number("video.bit_depth", "bit", "8/1", 0),
                    test::number("loudness.integrated", "LUFS", "-22/1", 0),
                    test::flag("video.intra_only", "false"), test::timecode("10:00:00:00")},
         .tags = {"draft"},
         .cues = {"Good night, and good luck.", "The END"},
         .judgements = {{"ebu-r128", "fail", {"programme-loudness"}}, {"strict-spec", "pass"}}});
    made_.add({.path = "/volumes/b/Ünïted 'quotes\" 100%_[x].mov",
               .fields = {test::text("video.codec", "prores", 0),
                          test::number("video.frame_rate", "fps", "30/1", 0),
                          test::number("file.duration", "s", "7199/2")},
               .judgements = {{"ebu-r128", "inconclusive"}}});
    made_.add({.path = "/volumes/b/song.wav",
               .fields = {test::text("audio.codec", "pcm_s16le", 0),
                          test::number("file.duration", "s", "200/1")},
               .kind = "audio",
               .measured_at = "2026-11-21T09:30:00.000Z"});
    made_.add({.path = "/volumes/b/.DS_Store", .status = "not_media", .kind = "other"});
  }

  Numbers ask(const std::string& query) {
    const auto found = select_assets(made_.catalog, query);
    EXPECT_TRUE(found) << found.error().message;
    return found.value_or(Numbers{-1});
  }
  std::string mistake(const std::string& query) {
    const auto found = select_assets(made_.catalog, query);
    if (found) return "";
    EXPECT_EQ(found.error().code, ErrorCode::usage);
    return found.error().message;
  }
  Found find(FindRequest request) {
    auto found = dam::find(made_.catalog, request);
    EXPECT_TRUE(found) << found.error().message;
    return found ? std::move(*found) : Found{};
  }

  test::MadeCatalog made_;
};

}  // namespace cleangate::dam
