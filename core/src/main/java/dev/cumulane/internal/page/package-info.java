// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0

/** The web pages of an engine: runs, approvals, environments. Rendered here, so that whatever server or function takes the requests shows the same. */
@NullMarked
package dev.cumulane.internal.page;

import org.jspecify.annotations.NullMarked;
