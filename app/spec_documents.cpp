// SPDX-License-Identifier: Apache-2.0
#include <nlohmann/json.hpp>

#include "app/documents.h"
#include "app/json_text.h"

namespace cleangate::app {

std::string spec_list_document(const std::vector<specs::SpecLibrary::Entry>& entries) {
  Json json = headed("cleangate.specs/1");
  json["specs"] = Json::array();
  for (const auto& entry : entries) {
    Json one = {{"id", entry.id},         {"title", entry.title}, {"edition", entry.edition},
                {"status", entry.status}, {"file", entry.file},   {"valid", entry.valid}};
    if (!entry.valid) one["problem"] = entry.problem;
    json["specs"].push_back(std::move(one));
  }
  return printed(json) + "\n";
}

std::string spec_document(const specs::Profile& profile,
                          const std::vector<specs::RequirementLine>& lines) {
  Json json = headed("cleangate.spec/1");
  json["id"] = profile.id;
  json["title"] = profile.title;
  json["edition"] = profile.edition;
  json["status"] = std::string(specs::to_string(profile.status));
  json["revision"] = profile.revision;
  json["profile_digest"] = profile.digest;
  json["file"] = profile.file;
  if (!profile.last_checked.empty()) json["last_checked"] = profile.last_checked;
  json["requirements"] = Json::array();
  for (const specs::RequirementLine& line : lines) {
    Json one = {{"id", line.id},
                {"quantity", line.quantity},
                {"demand", line.demand},
                {"severity", line.severity},
                {"effective_severity", line.effective_severity},
                {"source", {{"document", line.source}, {"grade", line.grade}}}};
    if (!line.clause.empty()) one["source"]["clause"] = line.clause;
    if (!line.note.empty()) one["note"] = line.note;
    json["requirements"].push_back(std::move(one));
  }
  return printed(json) + "\n";
}

}  // namespace cleangate::app
