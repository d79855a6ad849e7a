// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "core/digest.h"
#include "core/error.h"

struct sqlite3;
struct sqlite3_stmt;

// SQLite as this room uses it: a connection, statements, values. Inside the room failures are
// thrown (`Failure`, with SQLite's own text in the Error); `guarded` turns them into Expected where
// the room ends.
namespace cleangate::dam {

struct Failure : std::runtime_error {
  explicit Failure(Error why) : std::runtime_error(why.message), error(std::move(why)) {}
  Error error;
};

[[noreturn]] void throw_failure(ErrorCode code, std::string message);

// What `body` returns, or the Error it threw.
template <class Body>
[[nodiscard]] auto guarded(Body&& body) -> Expected<std::invoke_result_t<Body&>> {
  try {
    if constexpr (std::is_void_v<std::invoke_result_t<Body&>>) {
      body();
      return {};
    } else {
      return body();
    }
  } catch (const Failure& failure) {
    return tl::unexpected(failure.error);
  }
}

// The value, or the Error as a Failure: the way back in.
template <class T>
T unwrap(Expected<T> expected) {
  if (!expected) throw Failure(expected.error());
  if constexpr (!std::is_void_v<T>) return std::move(*expected);
}

class Statement {
 public:
  Statement(sqlite3* connection, const std::string& name, std::string_view sql);
  ~Statement();
  Statement(Statement&& other) noexcept;
  Statement& operator=(Statement&&) = delete;

  // Values of ?1, ?2 …: integers, double, text, blobs (span of bytes, Sha256), std::optional of
  // these, nullptr.
  template <class... T>
  Statement& bind(const T&... values) {
    int index = 0;
    (put(++index, values), ...);
    return *this;
  }
  template <class T>
  void put(int index, const T& value) {
    if constexpr (std::is_same_v<T, std::nullptr_t>) {
      put_null(index);
    } else if constexpr (std::is_same_v<T, Sha256>) {
      put_blob(index, std::as_bytes(std::span(value.bytes)));
    } else if constexpr (std::is_integral_v<T>) {
      put_integer(index, static_cast<std::int64_t>(value));
    } else if constexpr (std::is_floating_point_v<T>) {
      put_real(index, value);
    } else if constexpr (std::is_convertible_v<const T&, std::string_view>) {
      put_text(index, value);
    } else if constexpr (std::is_convertible_v<const T&, std::span<const std::byte>>) {
      put_blob(index, value);
    } else if (value) {
      put(index, *value);
    } else {
      put_null(index);
    }
  }

  // For functions of ours: they get the object if they ask for the same type. SQL reads a null. The
  // object must outlive the statement, or what is bound to it.
  void put_pointer(int index, void* object, const char* type);

  bool step();   // true: a row is there
  void run();    // to its end
  void reset();  // and forget what is bound

  [[nodiscard]] bool is_null(int column) const;
  [[nodiscard]] std::int64_t integer(int column) const;
  [[nodiscard]] double real(int column) const;
  [[nodiscard]] std::string text(int column) const;
  [[nodiscard]] std::string_view view(int column) const;  // until the next step
  [[nodiscard]] std::vector<std::byte> blob(int column) const;
  [[nodiscard]] std::optional<Sha256> digest(int column) const;  // empty unless 32 bytes
  [[nodiscard]] std::optional<std::string> optional_text(int column) const;
  [[nodiscard]] std::optional<std::int64_t> optional_integer(int column) const;
  [[nodiscard]] int columns() const;
  [[nodiscard]] std::string column_name(int column) const;
  [[nodiscard]] sqlite3_stmt* raw() const { return statement_; }

 private:
  void put_null(int index);
  void put_integer(int index, std::int64_t value);
  void put_real(int index, double value);
  void put_text(int index, std::string_view value);
  void put_blob(int index, std::span<const std::byte> value);
  void check(int status) const;

  sqlite3* connection_ = nullptr;
  std::string name_;
  sqlite3_stmt* statement_ = nullptr;
};

// A kept statement in use; reset when it goes out of scope, so that no read stays open.
class Query {
 public:
  explicit Query(Statement& statement) : statement_(&statement) {}
  ~Query() { statement_->reset(); }
  Query(const Query&) = delete;
  Query& operator=(const Query&) = delete;
  Statement* operator->() const { return statement_; }
  Statement& operator*() const { return *statement_; }

 private:
  Statement* statement_;
};

// One connection, of one thread at a time. Prepared statements are kept by their text.
class Database {
 public:
  enum class Open { read, write, create, immutable };
  // `name` is what messages call it: the path as people read it.
  Database(const std::string& path, Open how);
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  void execute(std::string_view sql);  // any number of statements, no values
  [[nodiscard]] Statement prepare(std::string_view sql) const;
  // A kept statement with its values; the same text is not to be asked for again while in use.
  template <class... T>
  [[nodiscard]] Query query(std::string_view sql, const T&... values) {
    return Query(kept(sql).bind(values...));
  }
  template <class... T>
  void run(std::string_view sql, const T&... values) {
    kept(sql).bind(values...).run();
  }
  [[nodiscard]] std::int64_t integer(std::string_view sql);  // first column of the only row
  [[nodiscard]] std::int64_t last_row() const;
  [[nodiscard]] std::int64_t changes() const;
  [[nodiscard]] bool in_transaction() const;

  // Pages in the write-ahead log after the last commit of this connection.
  [[nodiscard]] int wal_pages() const { return *wal_pages_; }
  enum class Checkpoint { passive, truncate };
  // Moves the log into the database as far as readers allow. Only under the writer lock.
  void checkpoint(Checkpoint how);
  // On: closing moves the log into the database (only under the writer lock). Off by default.
  enum class OnClose { leave_log, checkpoint };
  void on_close(OnClose what);
  // Copies this whole database into a new file (online backup API), which is fsynced by SQLite.
  void copy_to(const std::string& path);

  [[nodiscard]] sqlite3* raw() const { return connection_; }
  [[nodiscard]] const std::string& name() const { return name_; }

 private:
  [[nodiscard]] Statement& kept(std::string_view sql);
  std::string name_;
  sqlite3* connection_ = nullptr;
  std::unique_ptr<int> wal_pages_;
  std::map<std::string, Statement, std::less<>> kept_;
};

// As SQL's GLOB: * and ? stand for anything, brackets for one of a set; case matters.
[[nodiscard]] bool matches_glob(const std::string& pattern, const std::string& text);

// The Error of a SQLite status: code, SQLite's text, and what to do, as far as that can be known.
[[nodiscard]] Error sqlite_error(sqlite3* connection, const std::string& name, int status);

}  // namespace cleangate::dam
