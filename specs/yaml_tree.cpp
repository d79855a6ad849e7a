// SPDX-License-Identifier: Apache-2.0
#include "specs/yaml_tree.h"

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <exception>
#include <memory>
#include <optional>
#include <sstream>

#include "core/text.h"

namespace cleangate::specs {
namespace {

constexpr std::size_t kMostBytes = 1 << 20;
constexpr std::size_t kMostDepth = 32;
constexpr std::size_t kMostNodes = 20000;

// Ends the parse where going on would cost without bound.
struct TooMuch : std::exception {};

// Builds the tree from parser events: yaml-cpp's own nodes drop the second of two equal keys.
class TreeBuilder final : public YAML::EventHandler {
 public:
  TreeBuilder(const YamlText& source, std::vector<ProfileProblem>& problems)
      : source_(source), problems_(problems) {}
  [[nodiscard]] YamlNode take() {
    return root_ ? std::move(*root_) : node(YamlNode::Kind::mapping, 1);
  }

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (++documents_ > 1) stop(mark, "", "a second document; a profile is one document");
  }
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    check(mark, "", anchor);
    if (!stack_.empty() && stack_.back().node.is_mapping() && !stack_.back().key) {
      add(mark, node(YamlNode::Kind::scalar, line(mark)));
      return;
    }
    problem(mark, key_path(), "has no value; write one, or leave the key out");
    add(mark, node(YamlNode::Kind::scalar, line(mark)));
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
    problem(mark, key_path(), "aliases are not allowed; write the value out");
    add(mark, node(YamlNode::Kind::scalar, line(mark)));
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    check(mark, tag, anchor);
    YamlNode scalar = node(YamlNode::Kind::scalar, line(mark));
    scalar.text = value;
    add(mark, std::move(scalar));
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    open(mark, tag, anchor, YamlNode::Kind::sequence);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    open(mark, tag, anchor, YamlNode::Kind::mapping);
  }
  void OnMapEnd() override { close(); }

 private:
  struct Open {
    YamlNode node;
    std::optional<std::string> key;  // of the member whose value comes next
    bool drop = false;               // the member is a duplicate: read and left out
  };

  static int line(const YAML::Mark& mark) { return mark.line + 1; }
  [[nodiscard]] YamlNode node(YamlNode::Kind kind, int at) const {
    YamlNode made;
    made.kind = kind;
    made.line = at;
    made.file = source_.file;
    made.built_in = source_.built_in;
    return made;
  }
  void problem(const YAML::Mark& mark, std::string key, std::string message) {
    problems_.push_back({source_.file, line(mark), std::move(key), std::move(message)});
  }
  [[noreturn]] void stop(const YAML::Mark& mark, std::string key, std::string message) {
    problem(mark, std::move(key), std::move(message));
    throw TooMuch();
  }
  [[nodiscard]] std::string key_path() const {
    std::string path;
    for (const Open& open : stack_) {
      if (open.node.is_sequence()) path += fmt::format("[{}]", open.node.items.size());
      if (open.key) path += (path.empty() ? "" : ".") + readable(*open.key);
    }
    return path;
  }
  void check(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor) {
    if (++nodes_ > kMostNodes)
      stop(mark, key_path(), fmt::format("more than {} values in one profile", kMostNodes));
    if (anchor != YAML::NullAnchor)
      problem(mark, key_path(), "anchors are not allowed; write the value out");
    if (!tag.empty() && tag != "?" && tag != "!")
      problem(mark, key_path(), fmt::format("tags are not allowed: '{}'", readable(tag)));
  }
  void open(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
            YamlNode::Kind kind) {
    check(mark, tag, anchor);
    if (stack_.size() >= kMostDepth)
      stop(mark, key_path(), fmt::format("nested deeper than {}", kMostDepth));
    stack_.push_back({node(kind, line(mark)), std::nullopt, false});
  }
  void close() {
    YamlNode done = std::move(stack_.back().node);
    stack_.pop_back();
    YAML::Mark mark;
    mark.line = done.line - 1;
    add(mark, std::move(done));
  }
  void add(const YAML::Mark& mark, YamlNode value) {
    if (stack_.empty()) {
      root_ = std::move(value);
      return;
    }
    Open& top = stack_.back();
    if (top.node.is_sequence()) {
      top.node.items.push_back(std::move(value));
    } else if (!top.key) {
      take_key(mark, value);
    } else {
      if (!top.drop) top.node.members.emplace_back(std::move(*top.key), std::move(value));
      top.key.reset();
      top.drop = false;
    }
  }
  void take_key(const YAML::Mark& mark, const YamlNode& key) {
    Open& top = stack_.back();
    if (!key.is_scalar() || key.text.empty()) {
      problem(mark, key_path(), "a key is a word");
      top.drop = true;
    } else if (key.text == "<<") {
      problem(mark, key_path(), "merges (<<) are not allowed; use extends");
      top.drop = true;
    } else if (const YamlNode* first = top.node.find(key.text)) {
      top.key = key.text;
      problem(mark, key_path(),
              fmt::format("the key stands twice in one mapping; first in line {}", first->line));
      top.drop = true;
    }
    top.key = key.is_scalar() ? key.text : std::string();
  }

  const YamlText& source_;
  std::vector<ProfileProblem>& problems_;
  std::vector<Open> stack_;
  std::optional<YamlNode> root_;
  std::size_t nodes_ = 0;
  int documents_ = 0;
};

void append_quoted(std::string& out, std::string_view text) {
  out += '"';
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    if (static_cast<unsigned char>(c) < 0x20)
      out += fmt::format("\\x{:02x}", static_cast<unsigned>(c));
    else
      out += c;
  }
  out += '"';
}

void append_canonical(std::string& out, const YamlNode& node) {
  if (node.is_scalar()) {
    append_quoted(out, node.text);
  } else if (node.is_sequence()) {
    out += '[';
    for (const YamlNode& item : node.items) {
      append_canonical(out, item);
      out += ',';
    }
    out += ']';
  } else {
    std::vector<const std::pair<std::string, YamlNode>*> sorted;
    for (const auto& member : node.members) sorted.push_back(&member);
    std::sort(sorted.begin(), sorted.end(),
              [](const auto* a, const auto* b) { return a->first < b->first; });
    out += '{';
    for (const auto* member : sorted) {
      append_quoted(out, member->first);
      out += ':';
      append_canonical(out, member->second);
      out += ',';
    }
    out += '}';
  }
}

}  // namespace

const YamlNode* YamlNode::find(std::string_view key) const {
  const auto found = std::find_if(members.begin(), members.end(),
                                  [&](const auto& member) { return member.first == key; });
  return found == members.end() ? nullptr : &found->second;
}

std::string YamlNode::scalar(std::string_view key) const {
  const YamlNode* found = find(key);
  return found && found->is_scalar() ? found->text : std::string();
}

void YamlNode::set(std::string_view key, YamlNode value) {
  for (auto& member : members)
    if (member.first == key) {
      member.second = std::move(value);
      return;
    }
  members.emplace_back(std::string(key), std::move(value));
}

void YamlNode::erase(std::string_view key) {
  std::erase_if(members, [&](const auto& member) { return member.first == key; });
}

YamlNode read_yaml(const YamlText& source, std::vector<ProfileProblem>& problems) {
  TreeBuilder builder(source, problems);
  const auto refuse = [&](int line, std::string message) {
    problems.push_back({source.file, line, "", std::move(message)});
  };
  if (source.text.size() > kMostBytes) {
    refuse(1, fmt::format("larger than {} bytes", kMostBytes));
    return builder.take();
  }
  if (!is_utf8(source.text)) {
    refuse(1, "not UTF-8");
    return builder.take();
  }
  try {
    std::istringstream in(source.text);
    YAML::Parser parser(in);
    while (parser.HandleNextDocument(builder)) continue;
  } catch (const YAML::Exception& error) {
    refuse(error.mark.line + 1, fmt::format("not YAML: {}", readable(error.msg)));
  } catch (const TooMuch&) {  // already told
  }
  return builder.take();
}

std::string canonical_text(const YamlNode& node) {
  std::string out;
  append_canonical(out, node);
  return out;
}

}  // namespace cleangate::specs
