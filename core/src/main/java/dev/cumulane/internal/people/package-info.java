// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
/** Who a request comes from, and the links and buttons with which people vote. */
@NullMarked
package dev.cumulane.internal.people;

import org.jspecify.annotations.NullMarked;
