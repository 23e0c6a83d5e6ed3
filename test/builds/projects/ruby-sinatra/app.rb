require "sinatra/base"

# Shows the moon's phase of a day.
class Moon < Sinatra::Base
  MONTH = 29.530588853

  get("/health") { "ok" }

  get "/phase/:days" do
    @phase = (params[:days].to_f % MONTH) / MONTH
    erb :phase
  end
end
