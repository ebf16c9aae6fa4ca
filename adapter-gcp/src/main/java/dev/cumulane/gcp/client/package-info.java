// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0

/** How Google Cloud is called: credentials, one HTTP client, failures in our words, and what the resources are called. */
@NullMarked
package dev.cumulane.gcp.client;

import org.jspecify.annotations.NullMarked;
