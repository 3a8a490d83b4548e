// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.interop;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.fromCallback;
import static dev.heddle.Asyncio.gather;
import static dev.heddle.Asyncio.run;

import dev.heddle.Async;
import dev.heddle.Coroutine;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import okhttp3.Call;
import okhttp3.Callback;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;

/**
 * Fetches the pages given as arguments with OkHttp, all at once, and prints their sizes. OkHttp reports the end of a call to a callback, which {@code fromCallback}
 * turns into something to await.
 */
public final class OkHttpCalls {

    private OkHttpCalls() {}

    /** Returns the text of the page at {@code url}. Cancelling the task cancels the call. */
    @Async
    static Coroutine<String> fetch(OkHttpClient client, String url) throws IOException {
        Call call = client.newCall(new Request.Builder().url(url).build());
        return Coroutine.of(await(
                fromCallback(completer -> {
                    completer.onCancel(call::cancel);
                    call.enqueue(new Callback() {

                        // Reads the body here, on a thread of OkHttp, because reading blocks.
                        @Override
                        public void onResponse(Call call, Response response) throws IOException {
                            try (response) {
                                completer.complete(response.body().string());
                            } catch (IOException failure) {
                                completer.fail(failure);
                            }
                        }

                        @Override
                        public void onFailure(Call call, IOException failure) {
                            completer.fail(failure);
                        }
                    });
                }),
                IOException.class));
    }

    @Async
    private static Coroutine<Void> fetchAll(OkHttpClient client, List<String> urls) throws IOException {
        List<Coroutine<String>> pages = new ArrayList<>();
        for (String url : urls) {
            pages.add(fetch(client, url));
        }
        List<String> texts = await(gather(pages));
        for (int i = 0; i < texts.size(); i++) {
            System.out.println(texts.get(i).length() + " characters at " + urls.get(i));
        }
        return Coroutine.done();
    }

    public static void main(String[] urls) throws IOException {
        OkHttpClient client = new OkHttpClient();
        run(fetchAll(client, List.of(urls)));
        client.dispatcher().executorService().shutdown(); // its idle threads would keep the program for a minute
    }
}
