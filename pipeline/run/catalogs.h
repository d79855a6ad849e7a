// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "core/error.h"
#include "dam/catalog.h"

namespace cleangate::run {

// Connections for reading one catalog from many threads: a Catalog belongs to one at a time.
class Catalogs {
 public:
  Catalogs(std::string path, dam::CatalogOptions options)
      : path_(std::move(path)), options_(std::move(options)) {
    options_.access = dam::Access::read;
  }

  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] const dam::CatalogOptions& options() const { return options_; }

  // `use` with a connection of its own for as long as it runs.
  template <class Use>
  auto with(Use use) -> decltype(use(std::declval<dam::Catalog&>())) {
    auto taken = take();
    if (!taken) return tl::unexpected(taken.error());
    auto result = use(**taken);
    const std::scoped_lock lock(mutex_);
    idle_.push_back(std::move(*taken));
    return result;
  }

 private:
  Expected<std::unique_ptr<dam::Catalog>> take() {
    {
      const std::scoped_lock lock(mutex_);
      if (!idle_.empty()) {
        auto one = std::move(idle_.back());
        idle_.pop_back();
        return one;
      }
    }
    auto opened = dam::Catalog::open(path_, options_);
    if (!opened) return tl::unexpected(opened.error());
    return std::make_unique<dam::Catalog>(std::move(*opened));
  }

  std::string path_;
  dam::CatalogOptions options_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<dam::Catalog>> idle_;
};

}  // namespace cleangate::run
