// SPDX-License-Identifier: Apache-2.0
#include "core/byte_source.h"
