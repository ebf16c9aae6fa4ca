// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.ingress;

import com.google.common.io.BaseEncoding;
import dev.cumulane.cloud.Cloud;
import dev.cumulane.cloud.CloudException;
import dev.cumulane.cloud.HttpAnswer;
import dev.cumulane.cloud.HttpRequest;
import dev.cumulane.cloud.SignalEnvelope;
import dev.cumulane.cloud.StreamId;
import dev.cumulane.internal.codec.Coding;
import dev.cumulane.internal.machine.Signal;
import dev.cumulane.internal.notice.SlackInteractions;
import dev.cumulane.internal.source.Delivery;
import dev.cumulane.internal.source.Verification;
import dev.cumulane.internal.source.WebhookSecret;
import dev.cumulane.internal.source.Webhooks;
import dev.cumulane.internal.ticket.WorkDesk;
import dev.cumulane.source.Repository;
import dev.cumulane.source.WebhookRequest;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers requests to the hooks of repositories: verifies, queues, answers. Work orders are answered by the {@link WorkDesk}. Safe for use by several threads.
 *
 * <p>A wrong status code makes a forge switch our hook off. So what is authentic is answered with 202, whatever it tells; what is not proven with 401; what is too large
 * with 413; and with 503 what could not be queued. There is no other.
 */
public final class Ingress {
    /** The most bytes of a body that the message itself carries: one write. A larger one is stored before: two. */
    static final int LARGEST_INLINE = 32 * 1024;

    private static final Logger LOG = LoggerFactory.getLogger(Ingress.class);
    private static final String HOOKS = "/hooks/";
    private static final String RETRY_AFTER_SECONDS = "30";

    private final Cloud cloud;
    private final Coding coding;
    private final SortedMap<String, Repository> repositories;
    private final SlackInteractions slack;
    private final Function<HttpRequest, HttpAnswer> pages;
    private final Optional<WorkDesk> desk;
    private final Consumer<String> refusals;

    /**
     * An ingress for the hooks of these repositories, for what people click in Slack, and for pages. It calls no port yet.
     *
     * @param pages answers what is for no hook and not for Slack; never throws
     * @param refusals hears of each request to a hook that is not accepted
     */
    public Ingress(
            Cloud cloud,
            Coding coding,
            List<Repository> repositories,
            SlackInteractions slack,
            Function<HttpRequest, HttpAnswer> pages,
            Consumer<String> refusals) {
        this.refusals = refusals;
        this.slack = slack;
        this.pages = pages;
        this.cloud = cloud;
        this.coding = coding;
        this.desk = WorkDesk.of(cloud);
        SortedMap<String, Repository> byName = new TreeMap<>();
        repositories.forEach(repository -> byName.put(repository.name(), repository));
        this.repositories = Collections.unmodifiableSortedMap(byName);
    }

    /** Answers a request; never throws. */
    public HttpAnswer answer(HttpRequest request) {
        if (desk.isPresent() && request.path().equals(WorkDesk.PATH)) {
            return desk.get().answer(request);
        }
        if (request.path().equals(SlackInteractions.PATH)) {
            return slack.answer(request);
        }
        if (!request.path().startsWith(HOOKS)) {
            return pages.apply(request);
        }
        String name = request.path().substring(HOOKS.length());
        try {
            return hook(new WebhookRequest(request.method(), name, request.headers(), request.body()));
        } catch (CloudException e) {
            tell("a request to hook '" + shown(name) + "' could not be queued: " + e.getMessage());
        } catch (RuntimeException e) {
            LOG.error("A request to hook '{}' could not be answered", shown(name), e);
        }
        return HttpAnswer.text(503, "try again later").with("retry-after", RETRY_AFTER_SECONDS);
    }

    /**
     * The answer that a request to a hook gets whatever its body is; never throws. Nobody who shows no proof at all makes a server wait for a body and keep it.
     *
     * @param head a request without its body
     * @return empty if the body has to be read
     */
    public Optional<HttpAnswer> refusal(HttpRequest head) {
        if (!head.path().startsWith(HOOKS)) {
            return Optional.empty();
        }
        WebhookRequest request =
                new WebhookRequest(head.method(), head.path().substring(HOOKS.length()), head.headers(), head.body());
        try {
            Repository repository = repositories.get(request.name());
            Optional<String> why = repository == null
                    ? Optional.of("no repository has this name")
                    : Webhooks.headRefusal(
                            repository,
                            request,
                            secrets(repository),
                            cloud.clock().instant());
            return why.map(reason -> refused(request, 401, reason));
        } catch (RuntimeException e) {
            // What is wrong is found once more, and told, when the whole request is answered.
            LOG.debug("The head of a request to hook '{}' could not be judged", shown(request.name()), e);
            return Optional.empty();
        }
    }

    private List<WebhookSecret> secrets(Repository repository) {
        return WebhookSecret.readable(cloud.secrets(), repository.secrets(), "repository '" + repository.name() + "'");
    }

    private HttpAnswer hook(WebhookRequest request) {
        Repository repository = repositories.get(request.name());
        if (repository == null || !request.method().equals("POST")) {
            return refused(request, 401, repository == null ? "no repository has this name" : "it is no POST");
        }
        if (request.body().length > Webhooks.MOST_BYTES) {
            return refused(request, 413, "it is too large");
        }
        Verification verification = Webhooks.verify(
                repository, request, secrets(repository), cloud.clock().instant());
        if (verification instanceof Verification.Refused refused) {
            return refused(request, refused.status(), refused.why());
        }
        enqueue(((Verification.Authentic) verification).delivery(), request.body());
        return HttpAnswer.text(202, "accepted");
    }

    private void enqueue(Delivery delivery, byte[] body) {
        Optional<String> inline = Optional.empty();
        if (body.length <= LARGEST_INLINE) {
            inline = Optional.of(BaseEncoding.base64().encode(body));
        } else {
            cloud.artifacts().put(body);
        }
        Signal signal = new Signal.Delivered(delivery.event(), delivery.id(), delivery.body(), inline);
        cloud.signals()
                .send(new SignalEnvelope(
                        "delivery/" + delivery.body().hex(),
                        StreamId.repository(delivery.repository()),
                        coding.bytes(signal)));
    }

    private HttpAnswer refused(WebhookRequest request, int status, String why) {
        tell("a request to hook '" + shown(request.name()) + "' is answered with " + status + ": " + why);
        return new HttpAnswer(status, Collections.emptySortedMap(), new byte[0]);
    }

    private void tell(String refusal) {
        LOG.info("{}", refusal);
        refusals.accept(refusal);
    }

    private static String shown(String name) {
        return (name.length() > 40 ? name.substring(0, 40) : name).replaceAll("[^!-~]", "?");
    }
}
