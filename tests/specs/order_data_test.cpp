// SPDX-License-Identifier: Apache-2.0
#include "specs/order_data.h"

#include <gmock/gmock.h>

#include "tests/specs/profile_text.h"

namespace cleangate::test {
namespace {

using namespace specs;
using testing::UnorderedElementsAre;

Profile profile_of(const std::string& requirements, const std::string& extra = "") {
  auto profile = load_text(made_profile(requirements, extra));
  if (!profile) throw std::logic_error(profile.error().message);
  return std::move(*profile);
}

std::string error(const std::vector<Profile>& profiles, const OrderData& order) {
  const auto checked = check_order(profiles, order);
  return checked ? "" : checked.error().message;
}

TEST(OrderKeys, AreFoundWhereverARuleReadsThem) {
  const auto profile = profile_of(
      rule("quantity: file.name, matches: '^${order.clock}_${order.title}'", "a") +
          rule(
              "quantity: video.height, equals: '${order.h}', tolerance: '${order.slack}', when: "
              "{any_of: [{order: web, equals: 'yes'}, {quantity: video.width, min: '${order.w}'}]}",
              "b") +
          rule("one_of: [{quantity: video.codec, equals: '${order.codec}'}, {quantity: "
               "video.codec, equals: h264}]",
               "c") +
          rule("quantity: picture.black, expect: none, longer_than: '${order.long}', with: "
               "{level: '${order.level}'}, region: programme",
               "d") +
          rule("quantity: picture.black, expect: none, region: {outside: part 2}", "e") +
          rule("quantity: soundfield.layout, equals: '2.0', for: {each: soundfield, language: "
               "'${order.language}'}",
               "f"),
      "order: {declared: {ask: 'Why?'}}\nregions: {programme: {in: '${order.first}', out: end}}\n");
  EXPECT_THAT(order_keys(profile), UnorderedElementsAre("clock", "title", "h", "slack", "web", "w",
                                                        "codec", "long", "level", "programme",
                                                        "first", "part.2", "language", "declared"));
}

TEST(OrderKeys, ATypoIsRefusedWithTheKeysThatExist) {
  const auto profile =
      profile_of(rule("quantity: video.frame_rate, equals: '${order.rate}'"),
                 "order: {rate: {ask: 'Which?', allowed: ['25', '50']}, live: {ask: 'Live?'}}\n");
  EXPECT_EQ(error({profile}, {{"rate", "25"}}), "");
  EXPECT_EQ(error({profile}, {{"rats", "25"}}),
            "--set rats: no rule reads 'rats', did you mean 'rate'; the rules of these specs read: "
            "live, rate.");
  EXPECT_EQ(error({profile}, {{"rate", ""}}), "--set rate=: the value is empty.");
  EXPECT_EQ(error({profile}, {{"rate", "30"}}), "--set rate=30: made allows: 25, 50.");
  const auto plain = profile_of(rule("quantity: video.height, equals: 1080"));
  EXPECT_EQ(error({plain}, {{"rate", "25"}}),
            "--set rate: no rule of these specs reads order data.");
  EXPECT_EQ(error({plain, profile}, {{"rate", "25"}}), "");  // one that reads it is enough
}

}  // namespace
}  // namespace cleangate::test
