// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

#include <algorithm>
#include <memory>

#include <fmt/core.h>

#include "app/catalog_option.h"
#include "app/command_line.h"
#include "app/commands.h"
#include "app/found_documents.h"
#include "app/query_words.h"
#include "core/text.h"

namespace cleangate::app {
namespace {

struct FindOptions {
  CatalogOption catalog;
  std::string sort = "-number", cursor;
  std::vector<std::string> facets, fields;
  std::size_t limit = 50, facet_values = 20;
  bool json = false, csv = false, quiet = false;
  QueryWords query;
};

dam::FindRequest request_of(const FindOptions& options) {
  dam::FindRequest request;
  request.query = options.query.text();
  request.sort = options.sort;
  request.limit = options.limit;
  request.cursor = options.cursor;
  request.facets = options.facets;
  request.facet_values = options.facet_values;
  request.fields =
      options.json || options.csv ? std::vector<std::string>{"file.duration"} : table_fields();
  request.fields.insert(request.fields.end(), options.fields.begin(), options.fields.end());
  return request;
}

// The ids behind the fields asked for besides those of the table.
std::vector<std::string> more_fields(const dam::Found& found) {
  std::vector<std::string> ids;
  for (std::size_t i = table_fields().size(); i < found.fields.size(); ++i)
    ids.push_back(found.fields[i].id);
  return ids;
}

// Fields of a list stand with commas between; behind a space they would be words to look for.
std::optional<std::string> field_among_words(const FindOptions& options, dam::Catalog& catalog) {
  if (options.facets.empty() && options.fields.empty()) return std::nullopt;
  const auto names = dam::query_names(catalog);
  if (!names) return std::nullopt;  // the search itself will say why
  const auto& words = options.query.arguments();
  const auto found = std::find_first_of(words.begin(), words.end(), names->begin(), names->end());
  if (found == words.end()) return std::nullopt;
  return fmt::format(
      "\"{0}\" is a field: put it behind the other fields with a comma (--facets a,b). To look for "
      "the word itself, put it in quotation marks: '\"{0}\"'.",
      readable(*found));
}

ExitStatus find(const FindOptions& options) {
  if (options.json && options.csv) return usage_error("--json and --csv exclude each other.");
  if (const auto wrong = options.query.unknown_option()) return usage_error(*wrong);
  auto catalog = open_catalog(options.catalog, dam::Access::read, "find");
  if (!catalog) return usage_error(catalog.error().message);
  if (const auto wrong = field_among_words(options, *catalog)) return usage_error(*wrong);
  const dam::FindRequest request = request_of(options);
  const auto found = dam::find(*catalog, request);
  if (!found) return usage_error(found.error().message);
  if (options.json)
    print(found_document(request.query, *found));
  else if (options.csv)
    print(found_csv(*found));
  else
    print(found_text(layout_of(STDOUT_FILENO), *found, more_fields(*found)));
  return finish_output(ExitStatus::pass);
}

}  // namespace

void add_find(Command program, Chosen& chosen) {
  auto options = std::make_shared<FindOptions>();
  const Command command = program.add_command("find", "Searches the catalog");
  add_query(command, options->query);
  add_catalog_option(command, options->catalog);
  command.option("--sort", options->sort,
                 "number, path, added, measured, status, kind or a quantity; -FIELD: largest "
                 "first (default: -number, the newest first)");
  command.option("--limit", options->limit, "Assets a page (default 50)").range(0, 100'000);
  command.option("--next,--cursor", options->cursor, "The page behind this cursor");
  command.option("--facets", options->facets, "Counts of the values of these fields")
      .comma_separated();
  command.option("--facet-values", options->facet_values, "Values a facet (default 20)")
      .range(1, 100'000);
  command.option("--fields", options->fields, "Further fields to show with each asset")
      .comma_separated();
  command.flag("--json", options->json, "One JSON document");
  command.flag("--csv", options->csv, "Comma-separated values with a header line");
  command.on_given([&chosen, options, command] {
    options->query.take(command);
    chosen = [options] { return find(*options); };
  });
}

}  // namespace cleangate::app
