// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0

/** What is to be installed, as a Terraform configuration, and how it is installed. */
@NullMarked
package dev.cumulane.gcp.blueprint;

import org.jspecify.annotations.NullMarked;
