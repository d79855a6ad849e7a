// SPDX-License-Identifier: Apache-2.0
#include "probes/container/container.h"

#include "probes/container/table_reader.h"

namespace cleangate::probes {

Expected<ContainerFindings> read_container(ByteSource& source) {
  TableReader reader(source);
  ContainerFindings found;
  (void)reader.read(0, 16);
  if (reader.error()) return tl::unexpected<Error>(*reader.error());
  return found;
}

}  // namespace cleangate::probes
