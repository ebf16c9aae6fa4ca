// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.azure.deliveries;

/** What an environment of the pipelines is in Azure. */
public sealed interface AzureEnvironment permits ContainerAppEnvironment, PipelineEnvironment {}
