// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

#include <algorithm>
#include <memory>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "app/catalog_option.h"
#include "app/command_line.h"
#include "app/commands.h"
#include "app/found_documents.h"
#include "app/interrupt.h"
#include "app/json_text.h"
#include "app/terminal.h"
#include "app/wording.h"
#include "core/text.h"
#include "dam/sql_query.h"

namespace cleangate::app {
namespace {

struct SqlOptions {
  CatalogOption catalog;
  std::string sql;
  double seconds = 30;
  std::int64_t rows = 100'000;
  bool json = false, csv = false;
};

std::string hex(const std::vector<std::byte>& bytes) {
  std::string text;
  for (const std::byte byte : bytes) text += fmt::format("{:02x}", static_cast<unsigned>(byte));
  return text;
}

struct AsJson {
  Json operator()(std::monostate) const { return nullptr; }
  Json operator()(std::int64_t value) const { return value; }
  Json operator()(double value) const { return value; }
  Json operator()(const std::string& value) const { return to_valid_utf8(value); }
  Json operator()(const std::vector<std::byte>& value) const { return hex(value); }
};

std::string text_of(const dam::SqlValue& value) {
  const Json json = std::visit(AsJson(), value);
  return json.is_null()     ? ""
         : json.is_string() ? json.get<std::string>()
                            : printed(json, JsonShape::line);
}

// Collects (JSON, table) or prints as rows come (CSV).
class Output {
 public:
  explicit Output(const SqlOptions& options) : options_(options) {}

  void head(const std::vector<std::string>& names) {
    for (const std::string& name : names) columns_.push_back(to_valid_utf8(name));
    if (options_.csv) csv_line(columns_);
  }
  void row(const std::vector<dam::SqlValue>& values) {
    if (options_.json) {
      Json list = Json::array();
      for (const dam::SqlValue& value : values) list.push_back(std::visit(AsJson(), value));
      json_rows_.push_back(std::move(list));
      return;
    }
    std::vector<std::string> texts;
    for (const dam::SqlValue& value : values) texts.push_back(text_of(value));
    if (options_.csv)
      csv_line(texts);
    else
      rows_.push_back(std::move(texts));
  }
  void finish(const dam::SqlAnswer& answer) const {
    if (options_.json)
      print(document(answer));
    else if (!options_.csv)
      table(answer);
  }

 private:
  std::string document(const dam::SqlAnswer& answer) const {
    Json json = headed("cleangate.sql/1");
    json["columns"] = columns_;
    json["rows"] = json_rows_;
    json["cut"] = answer.cut;
    return printed(json) + "\n";
  }

  static void csv_line(const std::vector<std::string>& texts) {
    std::string line;
    for (std::size_t i = 0; i < texts.size(); ++i) line += (i > 0 ? "," : "") + csv_field(texts[i]);
    print(line + "\r\n");
  }

  void table(const dam::SqlAnswer& answer) const {
    constexpr int kWidest = 60;
    std::vector<int> widths;
    for (const std::string& name : columns_) widths.push_back(columns(readable(name)));
    for (const auto& row : rows_)
      for (std::size_t i = 0; i < row.size(); ++i)
        widths[i] = std::min(kWidest, std::max(widths[i], columns(readable(row[i]))));
    const Layout layout = layout_of(STDOUT_FILENO);
    line(layout, columns_, widths, Ink::bold);
    for (const auto& row : rows_) line(layout, row, widths, Ink::plain);
    print(fmt::format("{}.\n", count_text(answer.rows, "row", "rows")));
  }

  static void line(const Layout& layout, const std::vector<std::string>& texts,
                   const std::vector<int>& widths, Ink color) {
    std::string out;
    for (std::size_t i = 0; i < texts.size(); ++i) {
      const std::string text = readable(texts[i]);
      const bool last = i + 1 == texts.size();
      out += ink(layout, color, text);
      if (!last)
        out +=
            std::string(static_cast<std::size_t>(std::max(0, widths[i] - columns(text))) + 2, ' ');
    }
    print(out + "\n");
  }

  const SqlOptions& options_;
  std::vector<std::string> columns_;
  std::vector<std::vector<std::string>> rows_;
  Json json_rows_ = Json::array();
};

ExitStatus sql(const SqlOptions& options) {
  if (options.json && options.csv) return usage_error("--json and --csv exclude each other.");
  auto catalog = open_catalog(options.catalog, dam::Access::read, "sql");
  if (!catalog) return usage_error(catalog.error().message);
  const dam::SqlLimits limits{
      std::chrono::milliseconds(static_cast<std::int64_t>(options.seconds * 1000)), options.rows};
  Interrupt interrupt;
  Output output(options);
  const auto answer = dam::query_sql(
      *catalog, options.sql, limits, interrupt.token(),
      [&](const auto& names) { output.head(names); },
      [&](const auto& values) { output.row(values); });
  if (!answer) {
    const ExitStatus status = usage_error(answer.error().message);
    return answer.error().code == ErrorCode::cancelled ? ExitStatus::interrupted : status;
  }
  output.finish(*answer);
  if (answer->cut)
    usage_error(
        fmt::format("There are more than {} rows; the rest was left out (--rows allows "
                    "more).",
                    options.rows));
  return finish_output(answer->cut ? ExitStatus::inconclusive : ExitStatus::pass);
}

}  // namespace

void add_sql(Command program, Chosen& chosen) {
  auto options = std::make_shared<SqlOptions>();
  const Command command =
      program.add_command("sql", "Asks the catalog's documented views in SQL; reads only");
  command.option("SQL", options->sql, "One SELECT").required();
  command.option("--seconds", options->seconds, "Longest time (default 30)").range(0.001, 86'400.0);
  command.option("--rows", options->rows, "Most rows (default 100,000)").range(1, 1'000'000'000);
  command.flag("--json", options->json, "One JSON document");
  command.flag("--csv", options->csv, "Comma-separated values with a header line");
  command.footer("Views: " + fmt::format("{}", fmt::join(dam::documented_views(), ", ")) +
                 " (docs/catalog.md).");
  add_catalog_option(command, options->catalog);
  command.on_given([&chosen, options] { chosen = [options] { return sql(*options); }; });
}

}  // namespace cleangate::app
