// SPDX-License-Identifier: Apache-2.0
#include "dam/query/paging.h"

#include <fmt/format.h>

#include "core/text.h"
#include "dam/query/cursor.h"
#include "dam/query/sql.h"

namespace cleangate::dam::query {
namespace {

struct Order {
  Sql sql;  // key and asset, in the order asked for, ties by asset in the same direction
  bool descending = false;
  enum class KeyType { catalog_number, number, text, bytes };
  KeyType key = KeyType::text;
  Folding folding = Folding::none;  // texts of `field` sort without case
};

[[noreturn]] void wrong(std::string message) {
  throw_failure(ErrorCode::usage, std::move(message));
}

// ---- order --------------------------------------------------------------------------------------

bool sorts_by_number(const SearchField& field) {
  return field.kind == specs::ValueKind::number || field.kind == specs::ValueKind::flag;
}

Sql field_order(const SearchField& field, std::string_view way) {
  const bool by_number = sorts_by_number(field);
  const std::string_view column = by_number ? "number" : "text";
  return Sql()
      .add(fmt::format("SELECT {0}, asset FROM field WHERE name = ?", column), field.row)
      .add(by_number ? " AND number IS NOT NULL" : "")
      .add(fmt::format(" ORDER BY {0} {1}, asset {1}", column, way));
}

Order order_of(Vocabulary& vocabulary, const std::string& sort) {
  Order order;
  order.descending = sort.starts_with('-');
  const std::string name = sort.substr(order.descending ? 1 : 0);
  const std::string_view way = order.descending ? "DESC" : "ASC";
  auto found = vocabulary.look_up(name);
  if (const auto* why = std::get_if<std::string>(&found))
    wrong(fmt::format("Sorting by {}: {}", readable(name), *why));
  const Meaning& meaning = std::get<Meaning>(found);
  // Merged assets are in no answer; the indexes of status and kind are without them, those of times
  // are not and would have every row read.
  const auto column = [&](std::string_view of, std::string_view where = "") {
    order.sql.add(
        fmt::format("SELECT {0}, id FROM asset {2} ORDER BY {0} {1}, id {1}", of, way, where));
  };
  switch (meaning.about) {
    case About::quantity:
      if (meaning.fields.size() > 1)
        wrong(fmt::format("Sorting by {}: it can mean {} or {}; write one of them.", name,
                          meaning.fields.front().id, meaning.fields.back().id));
      order.sql = field_order(meaning.fields.front(), way);
      order.folding = Folding::ascii;
      if (sorts_by_number(meaning.fields.front())) order.key = Order::KeyType::number;
      break;
    case About::number:
      order.key = Order::KeyType::catalog_number;
      break;
    case About::path:
      order.key = Order::KeyType::bytes;
      order.sql.add(fmt::format(
          "SELECT path, asset FROM location WHERE state = 'present' ORDER BY path {0}, asset {0}",
          way));
      break;
    case About::added:
      column("first_seen");
      break;
    case About::measured:
      column("measured_at");
      break;
    case About::status:
      column("status", "WHERE merged_into IS NULL");
      break;
    case About::kind:
      column("kind", "WHERE merged_into IS NULL");
      break;
    default:
      wrong(
          fmt::format("Sorting by {}: only quantities, number, path, added, measured, status and "
                      "kind can be sorted by.",
                      readable(name)));
  }
  return order;
}

// ---- the walk -----------------------------------------------------------------------------------

class Walk {
 public:
  Walk(Database& database, const AssetSet& found, const FindRequest& request, Order order)
      : database_(database), found_(found), request_(request), order_(std::move(order)) {
    if (!request.cursor.empty()) from_ = read_cursor(request);
  }

  Page page() {
    if (request_.limit == 0) return {};
    if (order_.key == Order::KeyType::catalog_number)
      by_number();
    else
      by_key();
    return std::move(page_);
  }

 private:
  // False: the page is full.
  bool take(Key key, AssetNumber asset) {
    if (page_.assets.size() == request_.limit) {
      page_.next = to_text(last_, request_);
      return false;
    }
    page_.assets.push_back(asset);
    last_ = {std::move(key), asset};
    return true;
  }

  void by_number() {
    std::vector<AssetNumber> all;
    found_.for_each([&](AssetNumber asset) {
      const bool behind =
          !from_ || (order_.descending ? asset < from_->asset : asset > from_->asset);
      if (behind) all.push_back(asset);
    });
    const auto size = static_cast<std::ptrdiff_t>(all.size());
    for (std::ptrdiff_t i = 0; i < size; ++i)
      if (!take({}, *(order_.descending ? all.end() - 1 - i : all.begin() + i))) return;
  }

  [[nodiscard]] bool is_behind(const Key& key, AssetNumber asset) const {
    if (!from_) return true;
    if (std::holds_alternative<std::monostate>(from_->key)) return false;
    auto order = compare(key, from_->key, order_.folding);
    // clang-tidy 14 takes the comparisons with 0 for ones with a pointer.
    if (order == 0) order = asset <=> from_->asset;    // NOLINT(modernize-use-nullptr)
    return order_.descending ? order < 0 : order > 0;  // NOLINT(modernize-use-nullptr)
  }

  void by_key() {
    AssetSet seen(found_.size());
    if (!walk_keys(seen)) return;
    bool full = false;
    found_.for_each([&](AssetNumber asset) {  // without the value: by number, last
      if (full || seen.contains(asset)) return;
      const bool before =
          from_ && std::holds_alternative<std::monostate>(from_->key) && asset <= from_->asset;
      if (!before) full = !take({}, asset);
    });
  }

  bool walk_keys(AssetSet& seen) {
    Statement rows = database_.prepare(order_.sql.text);
    bind(rows, order_.sql);
    while (rows.step()) {
      const AssetNumber asset = rows.integer(1);
      if (!found_.contains(asset) || !seen.insert(asset)) continue;
      Key key = key_of(rows);
      if (is_behind(key, asset) && !take(std::move(key), asset)) return false;
    }
    return true;
  }

  [[nodiscard]] Key key_of(const Statement& row) const {
    if (order_.key == Order::KeyType::number) return row.real(0);
    if (order_.key == Order::KeyType::text) return row.text(0);
    const auto bytes = row.blob(0);
    return std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  }

  Database& database_;
  const AssetSet& found_;
  const FindRequest& request_;
  Order order_;
  std::optional<Cursor> from_;
  Cursor last_;
  Page page_;
};

}  // namespace

Page page_of(Database& database, Vocabulary& vocabulary, const AssetSet& found,
             const FindRequest& request) {
  return Walk(database, found, request, order_of(vocabulary, request.sort)).page();
}

}  // namespace cleangate::dam::query
