// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.page;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.cumulane.cloud.Cloud;
import dev.cumulane.cloud.CloudException;
import dev.cumulane.cloud.HttpAnswer;
import dev.cumulane.cloud.HttpRequest;
import dev.cumulane.cloud.HttpStream;
import dev.cumulane.internal.html.Html;
import dev.cumulane.internal.html.Tag;
import dev.cumulane.internal.people.Visitor;
import dev.cumulane.internal.people.Visitors;
import dev.cumulane.internal.people.VotingLinks;
import dev.cumulane.internal.shell.EngineCore;
import dev.cumulane.people.People;
import dev.cumulane.run.AttemptId;
import dev.cumulane.run.RunId;
import dev.cumulane.run.RunView;
import dev.cumulane.run.StageView;
import dev.cumulane.source.KeptAside;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers requests for pages with ordinary HTTP codes. Safe for use by several threads.
 *
 * <p>Who may see them is found out by {@link Visitors}; where nobody could be let in, there is nothing. A page changes nothing but by a form's POST.
 */
public final class Pages {
    private static final Logger LOG = LoggerFactory.getLogger(Pages.class);
    private static final String STREAM = "text/event-stream";

    private final Desk desk;
    private final Visitors visitors;
    private final Ballots ballots;
    private final SignIn signIn;

    /**
     * What pages need beside the engine.
     *
     * @param people who may see them, and how they prove it
     * @param address where people find them, if that is configured
     * @param onLoopback whether requests can come from this machine alone
     * @param repositories the short names of the source repositories
     * @param keptAside the deliveries of a repository that could not be read
     * @param refused the commands in a repository that were refused
     */
    public record Setup(
            People people,
            Optional<String> address,
            boolean onLoopback,
            List<String> repositories,
            Function<String, List<KeptAside>> keptAside,
            Function<String, List<RefusedCommand>> refused) {
        /** Copies the list. */
        public Setup {
            repositories = List.copyOf(repositories);
        }
    }

    /**
     * A command below a change request that was not done.
     *
     * @param what the command, and why not
     * @param at when
     */
    public record RefusedCommand(String what, Instant at) {}

    /** The pages of an engine. They call no port yet. */
    public Pages(EngineCore core, Cloud cloud, Setup setup) {
        this.desk =
                new Desk(core, cloud, new Desk.Repositories(setup.repositories(), setup.keptAside(), setup.refused()));
        this.visitors = new Visitors(setup.people(), cloud.secrets(), cloud.clock(), setup.onLoopback());
        VotingLinks links = new VotingLinks(setup.people(), cloud.secrets(), setup.address());
        Origins origins = new Origins(setup.address());
        this.ballots = new Ballots(desk, links, new FormTokens(cloud.secrets(), keys(setup.people())), origins);
        this.signIn = new SignIn(
                visitors,
                origins,
                setup.address().filter(to -> to.startsWith("https:")).isPresent());
    }

    private static List<String> keys(People people) {
        if (!people.linkKeys().isEmpty()) {
            return people.linkKeys();
        }
        return people.pageTokens().isEmpty()
                ? people.proxy().map(proxy -> proxy.secrets()).orElse(List.of())
                : people.pageTokens();
    }

    /** Whether anybody can see a page at all. */
    public boolean isOpen() {
        return visitors.isOpen();
    }

    /** Answers a request; never throws. */
    public HttpAnswer answer(HttpRequest request) {
        try {
            return routed(Asked.of(request));
        } catch (Refusal e) {
            HttpAnswer answer = refused(e.status(), e.line());
            return e.allowed().isEmpty() ? answer : answer.with("allow", e.allowed());
        } catch (CloudException e) {
            LOG.warn("Page {} could not be shown: {}", request, e.getMessage());
            return refused(503, "What the page shows could not be read. Try again in a moment.")
                    .with("retry-after", "5");
        } catch (RuntimeException e) {
            LOG.error("Page {} could not be shown", request, e);
            return refused(500, "Something of ours went wrong; the log says what.");
        }
    }

    /** The stream of a page's news; empty if the request asks for none, and then it is answered at once. */
    public Optional<HttpStream> stream(HttpRequest request) {
        boolean wanted = request.method().equals("GET")
                && request.path().endsWith("/live")
                && request.header("accept").filter(STREAM::equals).isPresent();
        if (!wanted || !visitors.isOpen() || visitors.who(request) instanceof Visitor.Refused) {
            return Optional.empty();
        }
        try {
            Asked asked = Asked.of(request);
            boolean ofAll = asked.path().size() == 1;
            Optional<RunView> run =
                    ofAll ? Optional.empty() : Optional.of(run(asked.path().get(1)));
            Ticker ticker = new Ticker(
                    desk, run.map(RunView::id), asked.parameter("seen"), run.flatMap(one -> tail(asked, one)));
            HttpAnswer head = Answers.nothing().with("content-type", STREAM);
            return Optional.of(new HttpStream(new HttpAnswer(200, head.headers(), head.body()), ticker));
        } catch (Refusal e) {
            return Optional.empty();
        } catch (CloudException e) {
            LOG.warn("The news of {} could not be read: {}", request, e.getMessage());
            return Optional.empty();
        }
    }

    /** The log that the page shows. */
    private static Optional<Ticker.Tail> tail(Asked asked, RunView run) {
        String name = asked.parameter("log");
        return run.stages().stream()
                .filter(stage -> stage.name().equals(name)
                        && LogPart.exists(stage)
                        && stage.progress().attempt() == asked.number("attempt"))
                .findFirst()
                .map(stage -> new Ticker.Tail(
                        new AttemptId(run.id(), name, stage.progress().attempt()),
                        stage.progress().service().orElseThrow(),
                        asked.number("from")));
    }

    private static HttpAnswer refused(int status, String line) {
        Frame.Page page = new Frame.Page(
                status == 404 ? "Not found" : "Not done",
                Frame.Place.NONE,
                Tag.H1.of(status == 404 ? "There is nothing here" : "This was not done"),
                Tag.P.of(line));
        return Answers.html(status, Frame.document(page, Optional.empty()));
    }

    private HttpAnswer routed(Asked asked) {
        List<String> path = asked.path();
        String first = path.isEmpty() ? "" : path.get(0);
        if (first.equals("static") && path.size() == 2) {
            only(asked, "GET, HEAD");
            return Answers.file(Asset.called(path.get(1)).orElseThrow(Pages::notFound), asked.request());
        }
        if (first.equals("vote") && path.size() == 2) {
            only(asked, "GET, HEAD, POST");
            return ballots.byLink(asked, path.get(1));
        }
        if (!visitors.isOpen()) {
            throw notFound();
        }
        if (path.equals(List.of("sign-in"))) {
            only(asked, "GET, HEAD, POST");
            return signIn.answer(asked);
        }
        Visitor visitor = visitors.who(asked.request());
        if (visitor instanceof Visitor.Refused refused) {
            return refused.status() == 401 ? signIn.ask(asked) : refused(refused);
        }
        if (first.equals("runs") && path.size() == 5 && path.get(4).equals("vote")) {
            only(asked, "GET, HEAD, POST");
            RunView run = run(path.get(1));
            return ballots.byVisitor(asked, run, stage(run, path.get(3)), visitor);
        }
        only(asked, "GET, HEAD");
        return shown(asked, visitor);
    }

    private static HttpAnswer refused(Visitor.Refused refused) {
        return refused(refused.status(), refused.why() + ".");
    }

    private static void only(Asked asked, String methods) {
        if (!List.of(methods.split(", ")).contains(asked.request().method())) {
            throw Refusal.ofMethod(methods);
        }
    }

    static Refusal notFound() {
        return new Refusal(404, "It never was here, or it is not here any more.");
    }

    private HttpAnswer shown(Asked asked, Visitor visitor) {
        List<String> path = asked.path();
        boolean isNews = !path.isEmpty() && path.get(path.size() - 1).equals("live");
        List<String> of = isNews ? path.subList(0, path.size() - 1) : path;
        if (of.size() == 5
                && of.get(4).equals("log")
                && of.get(0).equals("runs")
                && of.get(2).equals("stages")) {
            return log(asked, run(of.get(1)), of.get(3));
        }
        boolean isStream =
                asked.request().header("accept").filter(STREAM::equals).isPresent();
        if (isNews && (isStream || isUnchanged(asked, of))) {
            return Answers.nothing();
        }
        Frame.Page page = page(asked, of);
        if (!isNews) {
            return Answers.html(200, Frame.document(page, Ballots.name(visitor)));
        }
        Html news = Frame.content(page);
        return Answers.html(200, news.markup());
    }

    /** Whether somebody who follows a run has seen its last record. */
    private boolean isUnchanged(Asked asked, List<String> of) {
        return of.size() >= 2
                && of.get(0).equals("runs")
                && desk.records(id(of.get(1)))
                        .filter(last -> Long.toString(last).equals(asked.parameter("seen")))
                        .isPresent();
    }

    private Frame.Page page(Asked asked, List<String> path) {
        if (path.isEmpty()) {
            return RunsPage.of(desk, filter(asked));
        }
        if (path.equals(List.of("environments"))) {
            return EnvironmentPages.all(desk);
        }
        if (path.equals(List.of("repositories"))) {
            return RepositoriesPage.of(desk);
        }
        String first = path.get(0);
        if (first.equals("runs") && path.size() == 2) {
            return RunPage.of(desk, run(path.get(1)), asked.parameter("voted"));
        }
        if (first.equals("environments")
                && path.size() == 2
                && desk.environments().contains(path.get(1))) {
            return EnvironmentPages.one(desk, desk.environment(path.get(1)));
        }
        if (first.equals("runs") && path.size() == 4 && path.get(2).equals("stages")) {
            RunView run = run(path.get(1));
            return StagePage.of(desk, run, stage(run, path.get(3)), attempt(asked), asked.number("from"));
        }
        throw notFound();
    }

    /** The number of an attempt; 0 if none is asked for. */
    private static int attempt(Asked asked) {
        return (int) Math.min(asked.number("attempt"), Integer.MAX_VALUE);
    }

    private static RunsPage.Filter filter(Asked asked) {
        return new RunsPage.Filter(asked.parameter("pipeline"), RunsPage.State.called(asked.parameter("state")));
    }

    private HttpAnswer log(Asked asked, RunView run, String name) {
        StageView stage = stage(run, name);
        int attempt = attempt(asked);
        if (!LogPart.exists(stage) || stage.progress().attempt() != attempt) {
            throw notFound();
        }
        return Answers.json(news(LogText.read(
                desk,
                new AttemptId(run.id(), name, attempt),
                stage.progress().service().orElseThrow(),
                asked.number("from"))));
    }

    /** What the script adds to a log. */
    static String news(LogText log) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("html", Ansi.of(log.text()).markup())
                .put("next", log.next())
                .put("ended", log.ended())
                .toString();
    }

    private RunView run(String id) {
        return desk.find(id(id)).orElseThrow(Pages::notFound);
    }

    private static RunId id(String text) {
        try {
            return new RunId(text);
        } catch (IllegalArgumentException e) {
            throw notFound();
        }
    }

    static StageView stage(RunView run, String name) {
        return run.stages().stream()
                .filter(stage -> stage.name().equals(name))
                .findFirst()
                .orElseThrow(Pages::notFound);
    }
}
