// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
/** How the engine shows a forge's API who it is. */
@NullMarked
package dev.cumulane.internal.forge;

import org.jspecify.annotations.NullMarked;
