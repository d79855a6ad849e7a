// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "app/found_documents.h"
#include "app/wording.h"
#include "core/rational.h"
#include "core/text.h"
#include "specs/value.h"

namespace cleangate::app {
namespace {

// One cell: its text and how it is inked.
struct Cell {
  std::string text;
  Ink color = Ink::plain;
};
using Row = std::vector<Cell>;

std::string amount(const dam::FoundValue& value, specs::Unit unit) {
  const auto exact = Rational::parse(value.text);
  if (!value.number || !exact) return readable(value.text);
  return specs::format_amount(*exact, unit);
}

std::string joined_values(const dam::Found& found, const dam::FoundAsset& asset,
                          const std::string& id) {
  const auto values = asset.fields.find(id);
  if (values == asset.fields.end()) return {};
  const auto field = std::find_if(found.fields.begin(), found.fields.end(),
                                  [&](const dam::NamedField& one) { return one.id == id; });
  std::string text, last;
  for (const dam::FoundValue& value : values->second) {
    const std::string one = amount(value, field->unit);
    if (one == last) continue;  // the same of every stream
    text += (text.empty() ? "" : ", ") + one;
    last = one;
  }
  return text;
}

std::string length_of(const dam::FoundAsset& asset) {
  const auto field = asset.fields.find("file.duration");
  if (field == asset.fields.end()) return {};
  const auto exact = Rational::parse(field->second.front().text);
  return exact ? duration_text(*exact) : "";
}

// "25" of "25/1", "29.97" of "30000/1001".
std::string rate_of(const dam::FoundAsset& asset) {
  const auto field = asset.fields.find("video.frame_rate");
  if (field == asset.fields.end()) return {};
  const auto exact = Rational::parse(field->second.front().text);
  return exact ? to_decimal(*exact, 3) : "";
}

std::string picture_of(const dam::Found& found, const dam::FoundAsset& asset) {
  std::string text;
  for (const std::string& part : {joined_values(found, asset, "video.codec"),
                                  joined_values(found, asset, "video.resolution"), rate_of(asset)})
    if (!part.empty()) text += (text.empty() ? "" : " ") + part;
  return text;
}

std::string sound_of(const dam::Found& found, const dam::FoundAsset& asset) {
  const std::string layouts = joined_values(found, asset, "soundfield.layout");
  return layouts.empty() ? joined_values(found, asset, "audio.codec") : layouts;
}

std::string name_of(const dam::FoundAsset& asset) {
  std::string name = readable(asset.path.substr(asset.path.rfind('/') + 1));
  if (asset.status != "measured") name += fmt::format(" ({})", asset.status);
  if (!asset.present) name += " (not there now)";
  return name;
}

std::string verdict_text_of(const Layout& layout, const dam::FoundAsset& asset,
                            const dam::FoundVerdict& verdict) {
  const bool pass = verdict.verdict == specs::VerdictKind::pass;
  const bool fails = verdict.verdict == specs::VerdictKind::fail;
  const char* sign = pass ? "✓" : fails ? "✗" : "?";
  return ink(layout,
             pass    ? Ink::good
             : fails ? Ink::bad
                     : Ink::doubt,
             sign) +
         " " + readable(verdict.spec) + of_name(asset, verdict) +
         (verdict.waived > 0 ? fmt::format(" ({} waived)", verdict.waived) : "");
}

void put(std::string& out, const Layout& layout, const Cell& cell, int width, bool right) {
  const std::string text = shortened(cell.text, width);
  const std::string room(static_cast<std::size_t>(std::max(0, width - columns(text))), ' ');
  out += right ? room + ink(layout, cell.color, text) : ink(layout, cell.color, text) + room;
}

// What stands behind the columns: pieces that go on below where they do not fit.
struct Piece {
  std::string text;  // with its inks
  int width = 0;
};

std::string wrapped_pieces(const std::vector<Piece>& pieces, int indent, int width) {
  std::string out;
  int at = indent;
  for (const Piece& piece : pieces) {
    const bool first = at == indent;
    if (!first && at + 2 + piece.width > width) {
      out += "\n" + std::string(static_cast<std::size_t>(indent), ' ');
      at = indent;
    } else if (!first) {
      out += "  ";
      at += 2;
    }
    out += piece.text;
    at += piece.width;
  }
  return out;
}

// Columns as wide as their widest cell, the name's cut so that the lines fit.
std::string table(const Layout& layout, const std::vector<Row>& rows,
                  const std::vector<std::vector<Piece>>& tails, std::size_t name_column) {
  std::vector<int> widths(rows.front().size());
  for (const Row& row : rows)
    for (std::size_t i = 0; i < row.size(); ++i)
      widths[i] = std::max(widths[i], columns(row[i].text));
  int total = 24;  // room for verdicts
  for (const int width : widths) total += width > 0 ? width + 2 : 0;
  widths[name_column] = std::max(16, widths[name_column] - std::max(0, total - layout.width));
  int indent = 0;
  for (const int width : widths) indent += width > 0 ? width + 2 : 0;
  std::string out;
  for (std::size_t at = 0; at < rows.size(); ++at) {
    std::string line;
    for (std::size_t i = 0; i < widths.size(); ++i) {
      if (widths[i] == 0) continue;
      if (!line.empty()) line += "  ";
      put(line, layout, rows[at][i], widths[i], i == 0 || i == 2);
    }
    if (!tails[at].empty()) line += "  " + wrapped_pieces(tails[at], indent, layout.width);
    line.erase(line.find_last_not_of(' ') + 1);
    out += line + "\n";
  }
  return out;
}

std::string assets_text(const Layout& layout, const dam::Found& found,
                        const std::vector<std::string>& more) {
  std::vector<Row> rows;
  std::vector<std::vector<Piece>> tails;
  Row head{{"#", Ink::dim},
           {"name", Ink::dim},
           {"length", Ink::dim},
           {"picture", Ink::dim},
           {"sound", Ink::dim}};
  for (const std::string& id : more) head.push_back({id, Ink::dim});
  rows.push_back(std::move(head));
  tails.push_back({{ink(layout, Ink::dim, "verdicts"), 8}});
  for (const dam::FoundAsset& asset : found.assets) {
    Row row{{std::to_string(asset.number), Ink::bold},
            {name_of(asset), asset.status == "measured" ? Ink::plain : Ink::warning},
            {length_of(asset)},
            {picture_of(found, asset)},
            {sound_of(found, asset)}};
    for (const std::string& id : more) row.push_back({joined_values(found, asset, id)});
    rows.push_back(std::move(row));
    std::vector<Piece>& verdicts = tails.emplace_back();
    for (const dam::FoundVerdict& one : asset.verdicts)
      verdicts.push_back({verdict_text_of(layout, asset, one),
                          columns(verdict_text_of({layout.width, false}, asset, one))});
  }
  return table(layout, rows, tails, 1);
}

std::string facet_text(const Layout& layout, const dam::Facet& facet) {
  std::string out = ink(layout, Ink::bold, readable(facet.field)) + "\n";
  for (const dam::FacetValue& value : facet.values)
    out += fmt::format("{:>9}  {}\n", value.count,
                       amount({value.value, value.number, -1}, facet.unit));
  if (facet.others > 0)
    out += fmt::format("{:>9}  and {} more\n", "", count_text(facet.others, "value", "values"));
  return out;
}

}  // namespace

std::vector<std::string> table_fields() {
  return {"file.duration",    "video.codec", "video.resolution",
          "video.frame_rate", "audio.codec", "soundfield.layout"};
}

std::string found_text(const Layout& layout, const dam::Found& found,
                       const std::vector<std::string>& more_fields) {
  std::string out;
  if (!found.assets.empty()) out += assets_text(layout, found, more_fields) + "\n";
  for (const dam::Facet& facet : found.facets) out += facet_text(layout, facet) + "\n";
  const auto shown = static_cast<std::int64_t>(found.assets.size());
  out += shown == 0 || shown == found.total
             ? count_text(found.total, "asset", "assets")
             : fmt::format("{} of {}", shown, count_text(found.total, "asset", "assets"));
  if (found.next) out += fmt::format("; the next page: --next {}", *found.next);
  return out + ".\n";
}

}  // namespace cleangate::app
