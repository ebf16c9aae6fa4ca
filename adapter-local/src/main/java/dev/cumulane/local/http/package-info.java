// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
/** The HTTP endpoint of one machine. */
@NullMarked
package dev.cumulane.local.http;

import org.jspecify.annotations.NullMarked;
