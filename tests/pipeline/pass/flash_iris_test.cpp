// SPDX-License-Identifier: Apache-2.0
// The light of real flash videos, frame by frame, against the logs of another analyzer (EA IRIS).
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <sstream>

#include "probes/picture/flash_row.h"
#include "tests/pipeline/pass/recording.h"
#include "tests/support/shared_media.h"

namespace cleangate::test {
namespace {

using probes::FlashRow;

// The numbers of one column of a log; empty where it has none of that name.
std::vector<double> column(const std::filesystem::path& log, std::string_view name) {
  std::ifstream file(log);
  std::string line, field;
  std::vector<double> values;
  int wanted = -1;
  for (bool head = true; std::getline(file, line); head = false) {
    std::istringstream fields(line);
    for (int i = 0; std::getline(fields, field, ','); ++i) {
      if (head && field == name) wanted = i;
      if (!head && i == wanted) values.push_back(std::stod(field));
    }
  }
  return values;
}

// The mean luminance, where IRIS reads it by the curve of sRGB.
double luminance(const FlashRow& row) {
  double sum = 0;
  for (const std::uint8_t code : row.light) {
    const double e = code / 255.0;
    sum += e <= 0.04045 ? e / 12.92 : std::pow((e + 0.055) / 1.055, 2.4);
  }
  return sum / static_cast<double>(row.light.size());
}

TEST(FlashIris, MeasuresTheLightThatItLogs) {
  CLEANGATE_SHARED_MEDIA(media);
  const auto folder = media / "flash/iris/data";
  if (!std::filesystem::is_directory(folder)) GTEST_SKIP() << "no flash videos in " << media;
  for (const char* name :
       {"2Hz_5s", "2Hz_6s", "3Hz_6s", "extendedFLONG", "intermitentEF", "gray"}) {
    const auto got = record((folder / "TestVideos" / (std::string(name) + ".mp4")).string());
    const auto rows = got.rows_of<FlashRow>();
    const auto logged =
        column(folder / "ExpectedVideoLogFiles" / (std::string(name) + "_RELATIVE.csv"),
               "AverageLuminance");
    ASSERT_EQ(rows.size(), logged.size()) << name;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      EXPECT_EQ(rows[i].flags & (FlashRow::kDamaged | FlashRow::kNotMeasured), 0);
      EXPECT_NEAR(luminance(rows[i]), logged[i], 0.006) << name << " frame " << i;
    }
  }
}

}  // namespace
}  // namespace cleangate::test
