// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "tests/specs/quantities/picture_evidence.h"

namespace cleangate::specs {
namespace {

using test::PictureStream;

ColorDescription pq() {
  ColorDescription color;
  color.transfer = TransferCharacteristics::smpte2084;
  color.matrix = MatrixCoefficients::bt2020nc;
  return color;
}
double value(const Reading& reading) {
  return std::get<Rational>(std::get<Scalar>(reading.value)).to_double();
}

// ITU-R BT.2408: 203 cd/m2 are 58 % of PQ, code 572 of 10 bits; 1,000 cd/m2 are 75 %.
TEST(PictureLight, IsTheBrightestFrames) {
  PictureStream stream(10, 64, 32);
  stream.add_color(572, 512, 512, 3, pq()).add_color(723, 512, 512, 1, pq());
  EXPECT_NEAR(value(stream.read("picture.max_cll")), 1000, 15);
  EXPECT_NEAR(value(stream.read("picture.max_fall")), 1000, 15);
  EXPECT_EQ(stream.read("picture.max_cll").where.at(0).first_frame, 3);
}

TEST(PictureLight, IsOfPqOnly) {
  PictureStream stream(10, 64, 32);
  stream.add_color(572, 512, 512, 3);
  EXPECT_EQ(std::get<Absent>(stream.read("picture.max_cll").value).kind,
            AbsenceKind::not_applicable);
}

}  // namespace
}  // namespace cleangate::specs
