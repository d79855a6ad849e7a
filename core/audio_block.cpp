// SPDX-License-Identifier: Apache-2.0
#include "core/audio_block.h"
