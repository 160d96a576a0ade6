package com.esperr.gateway.admin;

import java.util.List;

/** {@code /}: a page of links to the other endpoints. Immutable. */
final class IndexEndpoint implements Endpoint {
    private static final String PAGE = """
            <!doctype html>
            <html lang="en">
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width">
            <title>esper-gateway</title>
            <h1>esper-gateway</h1>
            <ul>
            %s</ul>
            </html>
            """;

    private final AdminReply page;

    IndexEndpoint(List<Endpoint> endpoints) {
        StringBuilder links = new StringBuilder();
        for (Endpoint endpoint : endpoints) {
            links.append("<li><a href=\"%1$s\">%1$s</a> %2$s\n".formatted(endpoint.path(), endpoint.about()));
        }
        this.page = AdminReply.html(200, PAGE.formatted(links));
    }

    @Override
    public String path() {
        return "/";
    }

    @Override
    public String about() {
        return "this page";
    }

    @Override
    public AdminReply answer(AdminRequest request) {
        return page;
    }
}
