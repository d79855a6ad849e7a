// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace cleangate::run {

// A file to ingest.
struct Candidate {
  std::string path;    // as given, or the folder as given and the way below it; bytes
  bool named = false;  // given by itself, not met in a folder
  std::uint64_t bytes = 0;
  // The master that this file belongs to: captions, checksums, documents named after it.
  std::optional<std::string> sidecar_of;
};

// Walks the paths given, in order; folders depth first, their entries sorted by bytes, so that the
// same tree gives the same order anywhere. Links are followed; a folder that was walked already (a
// loop of links, a folder given twice) is walked once. Passed over: names that start with a dot,
// what systems leave behind (Thumbs.db, desktop.ini, $RECYCLE.BIN, System Volume Information …),
// unfinished transfers (.part, .partial, .tmp, .crdownload, .filepart, names that end in ~), and
// what is neither file nor folder. A file named by itself is never passed over.
class Discovery {
 public:
  // `own` are files and folders that are never looked into, whatever way leads there: the
  // catalog's. Opening and closing a database that this process uses would drop SQLite's locks on
  // it.
  explicit Discovery(std::vector<std::string> paths, std::vector<std::string> own = {});
  ~Discovery();
  // The next file; nothing when all have been found.
  [[nodiscard]] std::optional<Candidate> next();
  // What could not be walked or was left out for a reason that people should know, one line each.
  [[nodiscard]] std::vector<std::string> take_remarks();
  // How many folders and entries so far could not be read: what is in them was not found.
  [[nodiscard]] std::size_t unread() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// Whether a name in a folder is passed over.
[[nodiscard]] bool is_passed_over(const std::string& name);

// The files of one folder that sidecars may belong to.
class Masters {
 public:
  explicit Masters(const std::vector<std::string>& names);
  // The master that `name` is a sidecar of: same stem or the master's whole name in front ("a.mov"
  // for "a.srt", "a.en.srt", "a.mov.md5"), and an extension of captions, checksums, metadata or
  // documents.
  [[nodiscard]] std::optional<std::string> of(const std::string& name) const;

 private:
  std::map<std::string, std::string> by_stem_;
  std::set<std::string> whole_;
};

}  // namespace cleangate::run
