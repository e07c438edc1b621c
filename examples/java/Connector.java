import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A connector in Java 17 with java.net.http: a full load, a delta that is safe to send again, a
 * look.
 *
 * <p>Where it sends to and who it signs in as come from the environment: FLUENT_BASE_URL and the
 * others. Run it as it is, {@code java Connector.java}; a connector of your own takes its JSON
 * library for what is written and read by hand here.
 */
public class Connector {
    private static final String BASE_URL = variable("FLUENT_BASE_URL");
    private static final String ACCOUNT = variable("FLUENT_ACCOUNT");
    private static final String RETAILER = variable("FLUENT_RETAILER_ID");
    private static final String CATALOGUE = "DEFAULT:" + RETAILER;

    private static final Duration TO_ANSWER = Duration.ofSeconds(30);
    private static final int TRIES = 6;
    private static final int LOOKS = 60;
    private static final Set<Integer> FOR_THE_MOMENT = Set.of(429, 500, 502, 503, 504);

    private final HttpClient http =
            HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(TO_ANSWER)
                    .build();
    private String token = "";

    public static void main(String[] args) throws InterruptedException {
        Connector fluent = new Connector();
        fluent.load(Map.of("SHIRT-M", 500, "SHIRT-L", 80), "STORE-1");
        fluent.sendDelta("SHIRT-M", "STORE-1", -3);
        String found = "";
        for (int look = 0; look < LOOKS && !found.equals("497"); look++) {
            if (look > 0) {
                Thread.sleep(1000);
            }
            found = fluent.onHand("SHIRT-M", "STORE-1");
        }
        if (!found.equals("497")) {
            throw new IllegalStateException("SHIRT-M: " + found + " on hand, expected 497");
        }
        System.out.println("SHIRT-M at STORE-1: " + found + " on hand");
    }

    /** A full load: a job, one batch of counts, and its status until it is COMPLETE. */
    private void load(Map<String, Integer> counts, String location) throws InterruptedException {
        String job =
                field("id", post("/api/v4.1/job", """
                        {"name": "full load", "retailerId": "%s"}""".formatted(RETAILER)));
        String records =
                new TreeMap<>(counts)
                        .entrySet().stream()
                                .map(count -> record(count.getKey(), location, count.getValue()))
                                .collect(Collectors.joining(", "));
        String batch =
                field("id", post("/api/v4.1/job/" + job + "/batch", """
                        {"action": "UPSERT", "entityType": "INVENTORY", "entities": [%s]}"""
                        .formatted(records)));
        String path = "/api/v4.1/job/" + job + "/batch/" + batch;
        for (int look = 0; look < LOOKS; look++) {
            if (field("status", call("GET", path, "")).equals("COMPLETE")) {
                return;
            }
            Thread.sleep(1000); // not more often: the platform has other work to do
        }
        throw new IllegalStateException("batch " + batch + " of job " + job + " is not COMPLETE");
    }

    private static String record(String sku, String location, int qty) {
        return """
                {"skuRef": "%s", "locationRef": "%s", "qty": %d, "type": "LAST_ON_HAND",
                 "status": "ACTIVE", "retailerId": %s}"""
                .formatted(sku, location, qty, RETAILER);
    }

    /** A change of stock. Its id is made once, so that no second try counts twice. */
    private void sendDelta(String sku, String location, int qty) throws InterruptedException {
        post("/api/v4.1/event/async", """
                {"name": "INVENTORY_DELTA", "accountId": "%1$s", "retailerId": "%2$s",
                 "entityRef": "%3$s", "entityType": "INVENTORY_CATALOGUE",
                 "entitySubtype": "DEFAULT", "rootEntityType": "INVENTORY_CATALOGUE",
                 "rootEntityRef": "%3$s", "attributes": {"deltas": [
                   {"productRef": "%4$s", "locationRef": "%5$s", "qty": %6$d, "type": "DELTA",
                    "deltaId": "%7$s"}]}}"""
                .formatted(ACCOUNT, RETAILER, CATALOGUE, sku, location, qty, UUID.randomUUID()));
    }

    /** What Fluent has on hand; empty where it knows no such position. */
    private String onHand(String sku, String location) throws InterruptedException {
        return field("onHand", post("/graphql", """
                {"query": "query ($product: [String!], $location: [String]) {\
                 inventoryPositions(productRef: $product, locationRef: $location, first: 1) {\
                 edges { node { ref onHand } } } }",
                 "variables": {"product": ["%s"], "location": ["%s"]}}"""
                .formatted(sku, location)));
    }

    private String post(String path, String document) throws InterruptedException {
        return call("POST", path, document);
    }

    /**
     * The answer to a call. One whose answer was lost may have been carried out all the same: it
     * goes out again, the same to the letter.
     */
    private String call(String method, String path, String document) throws InterruptedException {
        for (int tried = 0; tried < TRIES; tried++) {
            long pause = 1L << tried;
            String why;
            try {
                HttpResponse<String> answer = once(method, path, document);
                int status = answer.statusCode();
                if (status == 200) {
                    return answer.body();
                } else if (status == 401 && !token.isEmpty()) {
                    token = ""; // it has expired before its time
                } else if (!FOR_THE_MOMENT.contains(status)) {
                    throw new IllegalStateException(
                            method + " " + path + ": " + status + " " + answer.body());
                }
                pause = Math.max(pause, answer.headers().firstValueAsLong("Retry-After").orElse(0));
                why = "status " + status;
            } catch (IOException fault) {
                why = fault.toString();
            }
            System.err.println(method + " " + path + ": " + why + "; again in " + pause + " s");
            Thread.sleep(pause * 1000);
        }
        throw new IllegalStateException(method + " " + path + " failed " + TRIES + " times");
    }

    /** What the call is answered, or what the sign-in is that it needs. */
    private HttpResponse<String> once(String method, String path, String document)
            throws IOException, InterruptedException {
        if (token.isEmpty()) {
            HttpResponse<String> answer =
                    send(request("/oauth/token")
                            .header("Content-Type", "application/x-www-form-urlencoded")
                            .POST(BodyPublishers.ofString(signIn())));
            if (answer.statusCode() != 200) {
                return answer;
            }
            token = field("access_token", answer.body());
        }
        return send(request(path)
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json")
                .method(method, BodyPublishers.ofString(document)));
    }

    private static String signIn() {
        return Map.of(
                        "grant_type", "password",
                        "client_id", variable("FLUENT_CLIENT_ID"),
                        "client_secret", variable("FLUENT_CLIENT_SECRET"),
                        "username", variable("FLUENT_USERNAME"),
                        "password", variable("FLUENT_PASSWORD"),
                        "scope", "api")
                .entrySet().stream()
                        .map(each -> each.getKey() + "=" + encoded(each.getValue()))
                        .collect(Collectors.joining("&"));
    }

    private HttpResponse<String> send(HttpRequest.Builder request)
            throws IOException, InterruptedException {
        return http.send(request.build(), BodyHandlers.ofString());
    }

    private static HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(BASE_URL + path)).timeout(TO_ANSWER);
    }

    /** The first field of this name in a JSON text; empty where there is none. */
    private static String field(String name, String json) {
        var found = Pattern.compile("\"" + name + "\"\\s*:\\s*\"?([^\",}]*)").matcher(json);
        return found.find() ? found.group(1).strip() : "";
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static String variable(String name) {
        String value = System.getenv(name);
        if (value == null) {
            throw new IllegalStateException("the variable " + name + " is not set");
        }
        return value;
    }
}
