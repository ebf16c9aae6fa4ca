// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
/** Work orders: the scripts and function orders that run anywhere. */
@NullMarked
package dev.cumulane.internal.order;

import org.jspecify.annotations.NullMarked;
