// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
/** Operating-system processes that outlive the engine: how they are started, recognised again and ended. */
@NullMarked
package dev.cumulane.local.process;

import org.jspecify.annotations.NullMarked;
