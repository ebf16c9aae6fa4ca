// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
/** The ports that an adapter implements and the types they speak. */
@NullMarked
package dev.cumulane.cloud;

import org.jspecify.annotations.NullMarked;
