// SPDX-License-Identifier: Apache-2.0
#define CLEANGATE_HASH_LEVEL kHashBaseline
#include "probes/picture/hash_level.inc"
