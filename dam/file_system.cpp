// SPDX-License-Identifier: Apache-2.0
#include "dam/file_system.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>
#include <string>

#include "core/text.h"
#include "dam/files.h"

namespace cleangate::dam {
namespace {

struct Kind {
  std::uint64_t magic;
  const char* name;
};

// statfs(2), linux/magic.h and the file systems' own sources.
constexpr std::uint64_t kFuse = 0x65735546;
constexpr std::array<Kind, 15> kNetwork{{{0x6969, "NFS"},
                                         {0x517B, "SMB"},
                                         {0xFE534D42, "SMB"},
                                         {0xFF534D42, "SMB/CIFS"},
                                         {0x01021997, "9p"},
                                         {0x5346414F, "AFS"},
                                         {0x6B414653, "AFS"},
                                         {0x73757245, "Coda"},
                                         {0x564C, "NCP"},
                                         {0x00C36400, "Ceph"},
                                         {0x0BD00BD0, "Lustre"},
                                         {0x47504653, "GPFS"},
                                         {0x01161970, "GFS2"},
                                         {0x7461636F, "OCFS2"},
                                         {0x19830326, "BeeGFS"}}};

// The type of the mount that a device number belongs to: "ext4", "fuse.sshfs"; empty when unknown.
std::string mount_type_of(dev_t device) {
  std::ifstream mounts("/proc/self/mountinfo");
  const std::string wanted = fmt::format("{}:{}", major(device), minor(device));
  for (std::string line; std::getline(mounts, line);) {
    std::istringstream words(line);
    std::string id, parent, number, word, type;
    words >> id >> parent >> number;
    if (number != wanted) continue;
    while (words >> word && word != "-") {
    }
    words >> type;
    return type;
  }
  return {};
}

}  // namespace

std::optional<std::string> network_file_system(std::uint64_t magic, std::string_view mount_type) {
  magic &= 0xFFFFFFFF;  // f_type is a signed word on some machines
  if (magic == kFuse)
    return mount_type == "fuseblk" ? std::nullopt : std::optional<std::string>("FUSE");
  for (const Kind& kind : kNetwork)
    if (kind.magic == magic) return kind.name;
  return std::nullopt;
}

Expected<void> require_local(const std::string& directory, std::optional<std::uint64_t> magic) {
  struct stat about {};
  struct statfs system {};
  if (stat(directory.c_str(), &about) != 0 || statfs(directory.c_str(), &system) != 0)
    return fail(ErrorCode::io,
                fmt::format("{} cannot be read: {}.", readable(directory), std::strerror(errno)));
  const auto kind = network_file_system(magic.value_or(static_cast<std::uint64_t>(system.f_type)),
                                        magic ? std::string() : mount_type_of(about.st_dev));
  if (!kind) return {};
  return fail(ErrorCode::unsupported,
              fmt::format("The catalog cannot lie on {}: it is a network file system ({}), where "
                          "locks and shared memory do not keep two machines from damaging it. Put "
                          "the catalog on a local disk (--catalog FILE).",
                          readable(directory), *kind));
}

}  // namespace cleangate::dam
