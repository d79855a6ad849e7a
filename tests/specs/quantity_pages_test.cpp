// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gmock/gmock.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "specs/quantity.h"
#include "specs/value.h"

// Every quantity has a page, docs/quantities/ID.md. What the registry knows of it stands at the
// page's head word for word; CLEANGATE_UPDATE_PAGES=1 writes the heads anew.
namespace cleangate::specs {
namespace {

namespace fs = std::filesystem;

const fs::path kPages = fs::path(CLEANGATE_SOURCE_DIR) / "docs" / "quantities";
constexpr std::string_view kEndOfHead = "<!-- up to here from the registry -->\n";

std::string_view kind_text(ValueKind kind) {
  constexpr std::string_view kTexts[] = {"number", "text", "flag", "timecode", "runs in time"};
  return kTexts[static_cast<std::size_t>(kind)];
}

std::string_view subject_text(SubjectKind kind) {
  constexpr std::string_view kTexts[] = {"the file",          "each video stream",
                                         "each audio stream", "each stream",
                                         "each soundfield",   "each caption carriage"};
  return kTexts[static_cast<std::size_t>(kind)];
}

std::string_view missing_text(Missing missing) {
  constexpr std::string_view kTexts[] = {"can change it either way", "can only raise it",
                                         "can only lower it", "changes nothing"};
  return kTexts[static_cast<std::size_t>(missing)];
}

std::string needs_text(const Quantity& quantity) {
  std::vector<std::string> rows;
  for (const RowNeed& need : quantity.needs) rows.push_back(fmt::format("`{}`", need.row));
  return rows.empty() ? "facts" : fmt::format("rows {}", fmt::join(rows, ", "));
}

std::string range_text(const ParameterInfo& parameter) {
  if (parameter.least.empty() && parameter.most.empty()) return "";
  if (parameter.most.empty()) return fmt::format("; {} at least", parameter.least);
  if (parameter.least.empty()) return fmt::format("; {} at most", parameter.most);
  return fmt::format("; {} to {}", parameter.least, parameter.most);
}

std::string head_of(const Quantity& quantity) {
  std::string head = fmt::format("# {}\n\n{}\n\n| | |\n|---|---|\n", quantity.id, quantity.meaning);
  const auto row = [&](std::string_view name, const std::string& value) {
    head += fmt::format("| {} | {} |\n", name, value);
  };
  row("value", std::string(kind_text(quantity.kind)));
  if (quantity.unit != Unit::none) row("unit", std::string(to_string(quantity.unit)));
  row("asked of", std::string(subject_text(quantity.subject)));
  row("measured from", needs_text(quantity));
  row("what is missing", std::string(missing_text(quantity.missing)));
  if (!quantity.allowed.empty())
    row("can be", fmt::format("`{}`", fmt::join(quantity.allowed, "`, `")));
  for (const ParameterInfo& parameter : quantity.parameters)
    row(fmt::format("`{}`", parameter.name),
        fmt::format("{} Default: {}{}.", parameter.meaning, parameter.default_value,
                    range_text(parameter)));
  row("source", std::string(quantity.document));
  row("version", std::to_string(quantity.version));
  return head + "\n" + std::string(kEndOfHead);
}

std::string read(const fs::path& file) {
  std::ostringstream text;
  text << std::ifstream(file).rdbuf();
  return text.str();
}

// What was written by hand: all after the head, or after the title where there is no head yet.
std::string by_hand(const std::string& page) {
  const auto end = page.find(kEndOfHead);
  if (end != std::string::npos) return page.substr(end + kEndOfHead.size());
  const auto line = page.find('\n');
  return line == std::string::npos ? "" : page.substr(line + 1);
}

TEST(QuantityPages, EveryQuantityHasOneThatSaysWhatTheRegistrySays) {
  const bool update = std::getenv("CLEANGATE_UPDATE_PAGES") != nullptr;
  for (const Quantity* quantity : quantities()) {
    const fs::path file = kPages / (std::string(quantity->id) + ".md");
    const std::string page = read(file);
    if (update)
      std::ofstream(file) << head_of(*quantity) << by_hand(page);
    else
      EXPECT_TRUE(page.starts_with(head_of(*quantity)))
          << file.filename() << " is missing or old; it should begin:\n"
          << head_of(*quantity);
  }
}

TEST(Quantities, RangesAreOfParametersOfOneUnit) {
  for (const Quantity* quantity : quantities())
    for (const ParameterInfo& parameter : quantity->parameters)
      if (!parameter.least.empty() || !parameter.most.empty()) {
        EXPECT_EQ(parameter.kind, ValueKind::number) << quantity->id << "." << parameter.name;
        EXPECT_EQ(accepted_units(parameter.unit).size(), 1u)
            << quantity->id << "." << parameter.name;
      }
}

TEST(QuantityPages, EveryPageTellsMethodAndLimits) {
  for (const Quantity* quantity : quantities()) {
    const std::string text = by_hand(read(kPages / (std::string(quantity->id) + ".md")));
    EXPECT_THAT(text, testing::HasSubstr("**Method.**")) << quantity->id;
    EXPECT_THAT(text, testing::ContainsRegex("\\*\\*[A-Za-z, ]*[Ll]imits")) << quantity->id;
  }
}

// Pages of families (picture.active) carry the method of several quantities; no page is left of a
// quantity that is gone.
TEST(QuantityPages, NoneIsLeftOver) {
  const std::set<std::string> families{"README", "picture.active", "picture.fields",
                                       "picture.luma"};
  for (const auto& each : fs::directory_iterator(kPages)) {
    const std::string id = each.path().stem().string();
    EXPECT_TRUE(find_quantity(id) || families.contains(id)) << each.path();
  }
}

}  // namespace
}  // namespace cleangate::specs
